import type { KindName } from '#kit/api/kinds'
import type { Client } from '#kit/client'
import type { Stream } from '#kit/stream'

/** What a client can be asked, in the words of an RBAC rule. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deleteCollection'

/** One request, as those see it that stand around a client. */
export interface ClientRequest {
  verb: Verb
  kind: KindName
  namespace: string | undefined
  /** `undefined` for a list, a watch, and an object whose name is still to be made. */
  name: string | undefined
  /** Such as `status`; `undefined` for the object itself. */
  subresource: string | undefined
}

/** What is done around a client. */
export interface Wrapping {
  /** Around every request but a watch. */
  call<T>(request: ClientRequest, proceed: () => Promise<T>): Promise<T>
  /** Around a watch. */
  watch<T>(request: ClientRequest, open: () => Stream<T>): Stream<T>
}

/** Whether a request changes something. */
export function isWrite({ verb }: ClientRequest): boolean {
  return verb !== 'get' && verb !== 'list' && verb !== 'watch'
}

/** A client around a client. */
export function around(inner: Client, wrapping: Wrapping): Client {
  const request = (
    verb: Verb,
    kind: KindName,
    at: { namespace?: string; name?: string } | undefined,
    options: { subresource?: string } | undefined,
  ): ClientRequest => ({
    verb,
    kind,
    namespace: at?.namespace,
    name: at?.name,
    subresource: options?.subresource,
  })
  return {
    get: (kind, at, options) =>
      wrapping.call(request('get', kind, at, undefined), () => inner.get(kind, at, options)),
    list: (kind, options) =>
      wrapping.call(request('list', kind, options, undefined), () => inner.list(kind, options)),
    watch: (kind, options) =>
      wrapping.watch(request('watch', kind, options, undefined), () => inner.watch(kind, options)),
    create: (kind, object, options) =>
      wrapping.call(request('create', kind, object?.metadata, options), () =>
        inner.create(kind, object, options),
      ),
    update: (kind, object, options) =>
      wrapping.call(request('update', kind, object?.metadata, options), () =>
        inner.update(kind, object, options),
      ),
    patch: (kind, at, patch, options) =>
      wrapping.call(request('patch', kind, at, options), () => inner.patch(kind, at, patch, options)),
    delete: (kind, at, options) =>
      wrapping.call(request('delete', kind, at, undefined), () => inner.delete(kind, at, options)),
    deleteCollection: (kind, options) =>
      wrapping.call(request('deleteCollection', kind, options, undefined), () =>
        inner.deleteCollection(kind, options),
      ),
  }
}
