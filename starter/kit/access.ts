/**
 * Who asks, and whether they may. Lesson 25 fills it; until then everybody is an administrator.
 *
 * Mirrors: authenticator.Request and authorizer.Authorizer of k8s.io/apiserver, and the token registry
 */
import type { ObjectOf } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { User } from '#kit/user'

/** What came with a request over HTTP. Both may be missing: an anonymous request. */
export interface Credentials {
  bearerToken?: string
  /** The subject of a client certificate that was verified. */
  certificate?: { commonName: string; organizations: readonly string[] }
  /** Whom the token must be meant for, one of these. Left out: the API itself. */
  audiences?: readonly string[]
}

/** One question to the authorizer, in the words of an RBAC rule. */
export interface AccessAttributes {
  user: User
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or one of RBAC's own. */
  verb: string
  /** `''` for the core group. */
  apiGroup: string
  /** Plural, such as `pods`. */
  resource: string
  subresource?: string
  namespace?: string
  name?: string
}

/** The answer. The reason goes at the end of the API's own sentence; it may be empty. */
export interface AccessDecision {
  allowed: boolean
  reason: string
}

/** Authentication, authorization and the tokens of service accounts. */
export interface Access {
  /**
   * Called by the HTTP front for every request, before anything else. Not called for requests through a
   * `Client`: those name their user.
   * Stand-in: an administrator in `system:masters`.
   *
   * @returns `undefined` for credentials that are wrong: the front answers 401
   */
  authenticate(credentials: Credentials): Promise<User | undefined>

  /**
   * Called by the API for every request, before it looks at the object or even whether there is one; by the
   * front for impersonation (verb `impersonate`); and to answer access reviews. Whoever implements this reads
   * roles through a client without a user; `system:masters` is allowed without a look at them, so that this
   * comes to an end.
   * Stand-in: allowed.
   */
  authorize(attributes: AccessAttributes): Promise<AccessDecision>

  /**
   * Called when a `ServiceAccount/token` is created; the kubelet's volumes ask for one that way.
   * Stand-in: a token that names the account and expires as asked.
   *
   * @param account the service account, which exists
   * @returns the request with its status filled in
   */
  issueToken(
    account: Address,
    request: ObjectOf<'ServiceAccount/token'>,
  ): Promise<ObjectOf<'ServiceAccount/token'>>
}

/** The stand-in until lesson 25: whoever asks is an administrator, and may. */
export const everybodyIsAdministrator: Access = {
  authenticate: async () => ({
    name: 'kubernetes-admin',
    groups: ['system:masters', 'system:authenticated'],
  }),
  authorize: async () => ({ allowed: true, reason: '' }),
  async issueToken(account, request) {
    const token = `stand-in:${account.namespace}:${account.name}`
    return { ...request, status: { token, expirationTimestamp: '2099-01-01T00:00:00Z' } }
  },
}
