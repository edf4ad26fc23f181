import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Client } from '#kit/client'
import type { CallOptions } from '#kit/client-options'
import { badRequest, methodNotAllowed, resourceNotFound } from '#kit/status-error'
import { answerForm } from './accept.ts'
import type { ResourcePath } from './path.ts'
import { flag } from './query.ts'
import { ResourceCall } from './resource-call.ts'
import type { SchemaBook } from './schema-book.ts'
import { partVerbs, type ServedResource, type ServedResources, verbsOf } from './served-resources.ts'

/** What the front works with. */
export interface FrontParts {
  client: Client
  served: ServedResources
  schemas: SchemaBook
  /** The time, in ms. */
  now(): number
  /** How long a client may leave what was sent unread, in ms. */
  patienceMs: number
}

/** One request for a resource. */
export interface ResourceRequest {
  request: IncomingMessage
  response: ServerResponse
  query: URLSearchParams
  path: ResourcePath
  /** On whose behalf. */
  call: CallOptions
}

/**
 * Answers a request for a resource: finds out which call of the `Client` it is, makes it, and sends what comes back in
 * the form that was asked for.
 *
 * @throws {StatusError} what the front or the API refuses it with
 *
 * Mirrors: k8s.io/apiserver/pkg/endpoints/handlers
 */
export async function answerResource(parts: FrontParts, asked: ResourceRequest): Promise<void> {
  const { path } = asked
  const version = parts.served.get(path.groupVersion)
  const { resource: plural, name, subresource } = path
  const answered = version?.answered.get(subresource === undefined ? plural : `${plural}/${subresource}`)
  const resource = answered ?? version?.stored.get(plural)
  if (!resource || (path.namespace !== undefined && !resource.namespaced)) throw resourceNotFound()
  if (resource.namespaced && path.namespace === undefined && name !== undefined) throw resourceNotFound()
  if (name !== undefined) requirePathSegment(name)
  const verb = verbOf(asked)
  const allowed = verbsAt(resource, path)
  if (!allowed) throw resourceNotFound()
  if (!allowed.includes(verb)) throw methodNotAllowed()
  // Refused before anything is done, not after.
  answerForm(asked.request.headers.accept)
  const call = new ResourceCall(parts, asked, resource)
  if (verb === 'create') return call.create()
  if (verb === 'update') return call.update()
  if (verb === 'patch') return call.patch()
  if (!resource.stored) return call.get()
  if (verb === 'list') return call.list(resource)
  if (verb === 'watch') return call.watch(resource)
  if (verb === 'delete') return call.delete(resource)
  if (verb === 'deletecollection') return call.deleteCollection(resource)
  return call.get()
}

/** The verb that a method stands for at a path; `''` if none. */
function verbOf({ request, path, query }: ResourceRequest): string {
  const isOne = path.name !== undefined
  switch (request.method) {
    case 'GET':
      if (isOne) return 'get'
      return flag(query, 'watch') ? 'watch' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return isOne ? 'delete' : 'deletecollection'
    default:
      return ''
  }
}

/** The verbs that a path knows; `undefined` if there is no such path. */
function verbsAt(
  resource: ServedResource,
  { namespace, name, subresource }: ResourcePath,
): string[] | undefined {
  const verbs = verbsOf(resource)
  if (!resource.stored) {
    const isThere = (resource.subresource === undefined) === (name === undefined)
    return isThere && (namespace !== undefined || !resource.namespaced) ? verbs : undefined
  }
  if (subresource !== undefined) {
    const isPart = [...resource.subresources].some((part) => part === subresource)
    return isPart ? partVerbs(subresource) : undefined
  }
  const everywhere = resource.namespaced && namespace === undefined
  if (everywhere) return ['list', 'watch']
  const ofMany = ['create', 'list', 'watch', 'deletecollection']
  return verbs.filter((verb) => ofMany.includes(verb) === (name === undefined))
}

/** @throws {StatusError} BadRequest (400) for a name that cannot be a part of a path */
function requirePathSegment(name: string): void {
  const why =
    name === '.' || name === '..' ? `may not be '${name}'` : name.includes('%') && "may not contain '%'"
  if (why) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${why}`)
}
