import type { DraftOf, KindName } from '#kit/api/kinds'
import type { Address } from '#kit/api/metadata'
import type { Patch } from '#kit/client'
import type { Subresource } from '#kit/client-options'
import { badRequest, unsupportedMediaType } from '#kit/status-error'
import { sendJson, statusOf } from './answer.ts'
import { mediaTypeOf, parsePatch, readBody } from './body.ts'
import { eventEncoder, sendList, sendObject } from './object-answer.ts'
import {
  deleteQuery,
  fieldValidation,
  listQuery,
  selectQuery,
  watchQuery,
  wholeNumber,
  writeQuery,
} from './query.ts'
import { checkOperations, checkPatch, readDeleteOptions, readObject } from './read-object.ts'
import type { FrontParts, ResourceRequest } from './resource-request.ts'
import { rowOf, type ServedResource, type StoredResource } from './served-resources.ts'
import type { AnyList } from './table.ts'
import { answerWatch } from './watch-answer.ts'

/** A watch for which no time was said ends after this; Kubernetes takes between one and two of it. */
const WATCH_MS = 30 * 60_000

const PATCH_TYPES: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
}

/** What the API makes of these is of no interest: Kubernetes answers that it was done. */
const DONE: ReadonlySet<string> = new Set(['Binding', 'Eviction'])

/** One request of the front, made as one call of the client. */
export class ResourceCall {
  readonly #parts: FrontParts
  readonly #asked: ResourceRequest
  readonly #resource: ServedResource
  readonly #row: KindName

  constructor(parts: FrontParts, asked: ResourceRequest, resource: ServedResource) {
    this.#parts = parts
    this.#asked = asked
    this.#resource = resource
    this.#row = rowOf(resource)
  }

  async get(): Promise<void> {
    const object = await this.#parts.client.get(this.#row, this.#address, this.#asked.call)
    this.#sendObject(200, object)
  }

  async list(resource: StoredResource): Promise<void> {
    const { query, response, call } = this.#asked
    const options = { ...listQuery(query), ...this.#scope, ...call }
    // A list is much work, all for nothing if the client is gone.
    if (response.destroyed) return
    const list = await this.#parts.client.list(resource.kind, options)
    if (!response.destroyed) this.#sendList(resource, list)
  }

  async watch(resource: StoredResource): Promise<void> {
    const { query, response, call } = this.#asked
    const encode = eventEncoder(this.#asked, resource, this.#parts.now)
    const options = { ...watchQuery(query), ...this.#scope, ...call }
    const seconds = wholeNumber(query, 'timeoutSeconds')
    const timeoutMs = seconds && seconds > 0 ? seconds * 1000 : WATCH_MS
    const { client, patienceMs } = this.#parts
    const stream = client.watch(resource.kind, options)
    await answerWatch(response, stream, encode, statusOf, { timeoutMs, patienceMs })
  }

  async create(): Promise<void> {
    const { query, path, call } = this.#asked
    const { object, warnings } = await this.#read('CreateOptions')
    const isAction = path.name !== undefined
    if (isAction && metadataOf(object).name !== path.name)
      throw badRequest(`name in URL does not match name in ${this.#resource.kind} object`)
    const options = { ...writeQuery(query, 'CreateOptions'), ...call }
    const made = await this.#parts.client.create(this.#row, object as DraftOf<KindName>, options)
    if (isAction && DONE.has(this.#resource.kind)) sendJson(this.#asked.response, 201, success(201), warnings)
    else this.#sendObject(201, made, warnings)
  }

  async update(): Promise<void> {
    const { query, path, call } = this.#asked
    const { object, warnings } = await this.#read('UpdateOptions')
    const { name } = metadataOf(object)
    if (name === undefined || name === '')
      throw badRequest(
        `the name of the object (${path.name} based on URL) was undeterminable: name must be provided`,
      )
    if (name !== path.name)
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`)
    const options = { ...writeQuery(query, 'UpdateOptions'), ...this.#part, ...call }
    const updated = await this.#parts.client.update(this.#row, object as DraftOf<KindName>, options)
    this.#sendObject(200, updated, warnings)
  }

  async patch(): Promise<void> {
    const { request, query, call } = this.#asked
    const type = patchType(mediaTypeOf(request))
    const validation = fieldValidation(query, 'PatchOptions')
    let parsed = await parsePatch(await readBody(request))
    const schema = this.#parts.schemas.of(this.#resource)
    let warnings: string[] = []
    // Whether it has the form of a patch is for the API to say.
    if (type === 'json' && Array.isArray(parsed)) {
      const checked = checkOperations(parsed, schema, validation)
      parsed = checked.operations
      warnings = checked.warnings
    } else if (type !== 'json' && isRecord(parsed)) warnings = checkPatch(parsed, schema, type, validation)
    const patch = (type === 'json' ? { type, operations: parsed } : { type, patch: parsed }) as Patch
    const options = { ...writeQuery(query, 'PatchOptions'), ...this.#part, ...call }
    const patched = await this.#parts.client.patch(this.#row, this.#address, patch, options)
    this.#sendObject(200, patched, warnings)
  }

  async delete({ kind }: StoredResource): Promise<void> {
    const options = await this.#deleteOptions()
    const deleted = await this.#parts.client.delete(kind, this.#address, options)
    if (deleted.kind === 'Status')
      sendJson(this.#asked.response, 200, { kind: 'Status', apiVersion: 'v1', ...deleted })
    else this.#sendObject(200, deleted)
  }

  async deleteCollection(resource: StoredResource): Promise<void> {
    const options = { ...(await this.#deleteOptions()), ...selectQuery(this.#asked.query), ...this.#scope }
    this.#sendList(resource, await this.#parts.client.deleteCollection(resource.kind, options))
  }

  async #deleteOptions() {
    const { request, query, call } = this.#asked
    const schema = this.#parts.schemas.deleteOptions()
    return { ...deleteQuery(query, await readDeleteOptions(request, schema)), ...call }
  }

  async #read(kindOfOptions: string): Promise<{ object: Record<string, unknown>; warnings: string[] }> {
    const { request, query, path } = this.#asked
    const validation = fieldValidation(query, kindOfOptions)
    const { schemas } = this.#parts
    const { object, warnings } = await readObject(request, this.#resource, schemas, validation)
    const metadata = metadataOf(object)
    if (metadata.namespace && metadata.namespace !== path.namespace)
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      )
    const inside = path.namespace === undefined ? metadata : { ...metadata, namespace: path.namespace }
    return { object: { ...object, metadata: inside }, warnings }
  }

  get #address(): Address {
    return { name: this.#asked.path.name ?? '', ...this.#scope }
  }

  get #scope(): { namespace?: string } {
    const { namespace } = this.#asked.path
    return namespace === undefined ? {} : { namespace }
  }

  get #part(): { subresource?: Subresource } {
    const { subresource } = this.#asked.path
    return this.#resource.stored && subresource !== undefined
      ? { subresource: subresource as Subresource }
      : {}
  }

  #sendObject(code: number, object: object, warnings: readonly string[] = []): void {
    sendObject(this.#asked, this.#resource, this.#parts.now(), code, object, warnings)
  }

  #sendList(resource: StoredResource, list: AnyList): void {
    sendList(this.#asked, resource, this.#parts.now(), list)
  }
}

/** @throws {StatusError} UnsupportedMediaType (415) */
function patchType(mediaType: string): Patch['type'] {
  const type = PATCH_TYPES[mediaType]
  if (type) return type
  const refusal = unsupportedMediaType()
  if (mediaType.startsWith('application/apply-patch'))
    refusal.status.message =
      'this server has no server-side apply: kubectl apply without --server-side sends a patch that it takes'
  throw refusal
}

function success(code: number): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code }
}

function metadataOf(object: Record<string, unknown>): Record<string, unknown> {
  return isRecord(object.metadata) ? object.metadata : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
