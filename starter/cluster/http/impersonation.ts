import type { IncomingMessage } from 'node:http'
import type { Access, AccessAttributes } from '#kit/access'
import { accessDenied } from '#kit/access-denied'
import { badRequest } from '#kit/status-error'
import type { User } from '#kit/user'

const EXTRA = 'impersonate-extra-'
const AUTHENTICATION = 'authentication.k8s.io'
const EVERYBODY = 'system:authenticated'

/**
 * On whose behalf a request is made that names somebody else (`kubectl --as`): that one's, if the user may do so.
 *
 * @throws {StatusError} Forbidden (403), or BadRequest (400) for groups without a user
 *
 * Mirrors: `WithImpersonation` of k8s.io/apiserver/pkg/endpoints/filters
 */
export async function impersonated(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  user: User,
  access: Pick<Access, 'authorize'>,
): Promise<User> {
  const [name] = headersDistinct['impersonate-user'] ?? []
  const [uid] = headersDistinct['impersonate-uid'] ?? []
  const groups = headersDistinct['impersonate-group'] ?? []
  const extra = Object.entries(headersDistinct).flatMap(([header, values = []]): [string, string[]][] =>
    header.startsWith(EXTRA) ? [[decoded(header.slice(EXTRA.length)), values]] : [],
  )
  if (!name) {
    if (groups.length === 0 && uid === undefined && extra.length === 0) return user
    throw badRequest('requested groups, a uid or extra fields without impersonating a user')
  }
  const asked: Omit<AccessAttributes, 'user' | 'verb'>[] = [
    whoIs(name),
    ...groups.map((group) => ({ apiGroup: '', resource: 'groups', name: group })),
    ...(uid === undefined ? [] : [{ apiGroup: AUTHENTICATION, resource: 'uids', name: uid }]),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => ({
        apiGroup: AUTHENTICATION,
        resource: 'userextras',
        subresource: key,
        name: value,
      })),
    ),
  ]
  for (const each of asked) {
    const attributes = { user, verb: 'impersonate', ...each }
    const { allowed, reason } = await access.authorize(attributes)
    if (!allowed) throw accessDenied(attributes, reason)
  }
  return {
    name,
    groups: withEverybody(name, groups.length > 0 ? groups : groupsOf(name)),
    ...(uid !== undefined && { uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  }
}

function serviceAccount(name: string): { namespace: string; name: string } | undefined {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? []
  return namespace && account ? { namespace, name: account } : undefined
}

function whoIs(name: string) {
  const account = serviceAccount(name)
  return account
    ? { apiGroup: '', resource: 'serviceaccounts', ...account }
    : { apiGroup: '', resource: 'users', name }
}

function groupsOf(name: string): string[] {
  const account = serviceAccount(name)
  return account ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : []
}

/** Whoever has a name is in the group of those who have one. */
function withEverybody(name: string, groups: readonly string[]): readonly string[] {
  return name === 'system:anonymous' || groups.includes(EVERYBODY) ? groups : [...groups, EVERYBODY]
}

/** Keys may be percent-encoded. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
