import { applyPatch as applyOperations, type Operation } from 'rfc6902'
import type { Patch } from '#kit/client'
import { badRequest, requestEntityTooLarge, unprocessable } from '#kit/status-error'

type JsonPatchOperation = Extract<Patch, { type: 'json' }>['operations'][number]

const MAX_OPERATIONS = 10_000
/** How much all `copy` operations of a patch may add, as characters of JSON: otherwise 30 of them could fill any memory. */
const MAX_COPIED = 3 * 1024 * 1024

const INDEX = /^(0|[1-9]\d*)$/
/** Names that the library does not look up, but steps over. */
const STEPPED_OVER = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Applies a JSON patch: all of its operations, or none.
 *
 * @param document JSON data; it stays as it is
 * @returns a new document
 * @throws {StatusError} BadRequest (400) if `operations` is no list of objects; RequestEntityTooLarge (413) if
 *   it has more than 10,000; Invalid (422) if one of them cannot be done or is a `test` that fails
 *
 * Follows: RFC 6902; `applyJSPatch` of k8s.io/apiserver/pkg/endpoints/handlers/patch.go
 */
export function jsonPatch(document: object, operations: readonly JsonPatchOperation[]): object {
  checkForm(operations)
  const patched = structuredClone(document)
  let copied = 0
  for (const operation of operations) {
    if (!canBeDone(patched, operation)) throw unprocessable()
    if (operation.op === 'copy') copied += sizeAt(patched, operation.from)
    if (copied > MAX_COPIED) throw unprocessable()
    if (!isDone(patched, operation)) throw unprocessable()
  }
  return patched
}

/** What comes over a network need not be what its type says. */
function checkForm(operations: unknown): void {
  if (!Array.isArray(operations)) throw badRequest(cannotUnmarshal(operations, 'jsonpatch.Patch'))
  for (const operation of operations) {
    const isObject = typeof operation === 'object' && operation !== null && !Array.isArray(operation)
    if (!isObject) throw badRequest(cannotUnmarshal(operation, 'jsonpatch.Operation'))
  }
  if (operations.length > MAX_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`
    throw requestEntityTooLarge(message)
  }
}

/**
 * What Go's decoder says of JSON data of the wrong type.
 *
 * @param goType such as `map[string]interface {}`
 */
export function cannotUnmarshal(value: unknown, goType: string): string {
  const name = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${value === null ? 'null' : name} into Go value of type ${goType}`
}

/**
 * Whether both ends of an operation are there. The library would also find what objects and lists inherit
 * (`/metadata/toString`, `/spec/containers/length`), and puts list elements at places that do not exist.
 */
function canBeDone(document: object, { op, path, from, value }: JsonPatchOperation): boolean {
  switch (op) {
    case 'add':
      return value !== undefined && isPlace(document, path)
    case 'replace':
      return value !== undefined && valueAt(document, path) !== undefined
    case 'test':
      return value !== undefined && isSame(valueAt(document, path), value)
    case 'remove':
      return valueAt(document, path) !== undefined
    case 'copy':
    case 'move':
      return valueAt(document, from) !== undefined && isPlace(document, path)
    default:
      return false
  }
}

/** Whether two JSON values are equal. The library finds the shortest edit between two lists, which can take for ever. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && isSame(Reflect.get(a, key), Reflect.get(b, key)))
}

/** Does it in place; a `test` has been done already. */
function isDone(document: object, operation: JsonPatchOperation): boolean {
  if (operation.op === 'test') return true
  const [problem] = applyOperations(document, [operation as Operation])
  return problem === null
}

/** The tokens of a JSON pointer (RFC 6901); `undefined` if it is none, or one that the library misreads. */
function tokensOf(pointer: unknown): string[] | undefined {
  if (typeof pointer !== 'string' || !/^(\/|$)/.test(pointer)) return undefined
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  return tokens.some((token) => STEPPED_OVER.has(token)) ? undefined : tokens
}

/** `undefined`: there is nothing. */
function valueAt(document: object, pointer: unknown): unknown {
  const tokens = tokensOf(pointer)
  return tokens && follow(document, tokens)
}

function follow(document: object, tokens: readonly string[]): unknown {
  let value: unknown = document
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
    if (Array.isArray(value) && !INDEX.test(token)) return undefined
    value = Reflect.get(value, token)
  }
  return value
}

/** Whether a value can be put there: into an object that exists, or between two elements of a list. */
function isPlace(document: object, pointer: unknown): boolean {
  const tokens = tokensOf(pointer)
  const last = tokens?.at(-1)
  if (!tokens || last === undefined) return false
  const parent = follow(document, tokens.slice(0, -1))
  if (!Array.isArray(parent)) return typeof parent === 'object' && parent !== null
  return last === '-' || (INDEX.test(last) && Number(last) <= parent.length)
}

function sizeAt(document: object, pointer: unknown): number {
  return JSON.stringify(valueAt(document, pointer)).length
}
