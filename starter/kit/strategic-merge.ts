/**
 * Strategic merge patches, which know what a list is about: they change one container among several.
 *
 * Mirrors: k8s.io/apimachinery/pkg/util/strategicpatch
 */
import type { MergeFields, MergeRule } from '#kit/merge-keys'
import { isJsonObject, type JsonObject } from '#kit/merge-patch'
import { badRequest, unknownError, unprocessable } from '#kit/status-error'

const DIRECTIVE = '$patch'
const RETAIN = '$retainKeys'
const ORDER = '$setElementOrder/'
const DELETE = '$deleteFromPrimitiveList/'

/**
 * Applies a strategic merge patch: objects are merged, lists with a rule in `fields` too, null removes a member. It
 * knows the directives `$patch: replace` and `delete`, `$retainKeys`, `$setElementOrder/…` and
 * `$deleteFromPrimitiveList/…`. Neither argument changes; the result shares parts of both.
 *
 * @throws {StatusError} as Kubernetes: BadRequest (400) for a malformed directive, Invalid (422) for a list of lists
 *   or what `$retainKeys` forgot, an error without a reason (500) for everything else
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, fields: MergeFields): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return replaced(patch)
  // A Map knows no inherited members, and makes `__proto__` a member like any other.
  const merged = new Map(Object.entries(retained(original, patch)))
  const rest = new Map(Object.entries(patch))
  rest.delete(RETAIN)
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ORDER)) continue
    const field = key.slice(ORDER.length)
    const ordered = inOrder(merged.get(field), rest.get(field), order, ruleOf(fields, field))
    if (ordered) merged.set(field, ordered)
    rest.delete(key)
    rest.delete(field)
  }
  for (const [key, value] of rest) {
    if (key.startsWith(DELETE)) {
      const field = key.slice(DELETE.length)
      const kept = without(merged.get(field), value)
      if (kept) merged.set(field, kept)
      continue
    }
    const result = mergeValue(merged.get(key), value, ruleOf(fields, key))
    if (result === undefined) merged.delete(key)
    else merged.set(key, result)
  }
  return Object.fromEntries(merged)
}

function ruleOf(fields: MergeFields, name: string): MergeRule | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** @returns `undefined` if there is to be nothing */
function mergeValue(original: unknown, value: unknown, rule: MergeRule | undefined): unknown {
  if (value === null) return undefined
  if (isJsonObject(original) && isJsonObject(value)) {
    return strategicMerge(original, value, rule?.type === 'object' ? rule.fields : {})
  }
  const merges = rule?.type === 'list' || rule?.type === 'set'
  if (merges && Array.isArray(original) && Array.isArray(value)) return mergeLists(original, value, rule)
  return asNew(value)
}

/** What an object with `$patch` stands for. */
function replaced(patch: JsonObject): JsonObject {
  if (patch[DIRECTIVE] === 'delete') return {}
  if (patch[DIRECTIVE] === 'replace') return stripped(patch)
  throw badDirective(patch)
}

function badDirective(patch: JsonObject) {
  return unknownError(`unknown patch type: ${inGo(patch[DIRECTIVE])} in map: ${inGo(patch)}`)
}

/** What is left of the original under `$retainKeys`: only the members that it names. */
function retained(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, RETAIN)) return original
  const names: unknown = patch[RETAIN]
  if (!Array.isArray(names)) throw badRequest('invalid patch format of retainKeys')
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key === RETAIN || key.startsWith(ORDER) || key.startsWith(DELETE)
    if (value !== null && !isDirective && !names.includes(key)) throw unprocessable()
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => names.includes(key)))
}

/** A list without what `$deleteFromPrimitiveList` names; `undefined` if there is no list. */
function without(list: unknown, names: unknown): unknown[] | undefined {
  if (!Array.isArray(names)) throw badRequest('invalid patch format of primitive list')
  return Array.isArray(list) ? list.filter((element) => !names.includes(element)) : undefined
}

/**
 * A part of the patch that meets nothing in the original: without nulls and directives.
 *
 * @returns `undefined` if the part is nothing but the directive to delete
 */
function asNew(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = value.filter((element) => !isJsonObject(element) || !Object.hasOwn(element, DIRECTIVE))
    return elements.map(asNew)
  }
  if (!isJsonObject(value)) return value
  return value[DIRECTIVE] === 'delete' ? undefined : stripped(value)
}

function stripped(patch: JsonObject): JsonObject {
  const isDirective = (key: string) =>
    key === DIRECTIVE || key === RETAIN || key.startsWith(ORDER) || key.startsWith(DELETE)
  const members = Object.entries(patch)
    .filter(([key, value]) => value !== null && !isDirective(key))
    .map(([key, value]): [string, unknown] => [key, asNew(value)])
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

type ListRule = Exclude<MergeRule, { type: 'object' }>

function mergeLists(original: readonly unknown[], patch: readonly unknown[], rule: ListRule): unknown[] {
  if (rule.type === 'set') {
    checkElements([...original, ...patch], 'primitives')
    return sorted([...new Set([...original, ...patch])], patch, original, rule)
  }
  const { key, fields } = rule
  let base = checkElements(original, 'objects')
  const changes = checkElements(patch, 'objects').filter((element) => !Object.hasOwn(element, DIRECTIVE))
  const directives = checkElements(patch, 'objects').filter((element) => Object.hasOwn(element, DIRECTIVE))
  for (const directive of directives) {
    if (directive[DIRECTIVE] === 'merge')
      throw unknownError('merging lists cannot yet be specified in the patch')
    if (directive[DIRECTIVE] === 'replace') continue
    if (directive[DIRECTIVE] !== 'delete') throw badDirective(directive)
    const gone = identity(directive, key)
    base = base.filter((element) => element[key] !== gone)
  }
  if (directives.some((directive) => directive[DIRECTIVE] === 'replace')) return changes.map(stripped)
  const merged = [...base]
  // Where each is, the first of several: a list may be long.
  const places = new Map(merged.map((element, index) => [element[key], index] as const).reverse())
  for (const change of changes) {
    const id = identity(change, key)
    const index = places.get(id) ?? -1
    const present = merged[index]
    if (present) merged[index] = strategicMerge(present, change, fields)
    else places.set(id, merged.push(stripped(change)) - 1)
  }
  return sorted(merged, changes, base, rule)
}

/** The list that `$setElementOrder` is about, merged and in that order; `undefined` if there is none. */
function inOrder(
  original: unknown,
  patch: unknown,
  order: unknown,
  rule: MergeRule | undefined,
): unknown[] | undefined {
  const malformed = badRequest('invalid patch format of setElementOrder list')
  if (!Array.isArray(order) || !rule || rule.type === 'object') throw malformed
  if (![original ?? [], patch ?? []].every(Array.isArray)) throw malformed
  if (original === undefined && (patch === undefined || patch === null)) return undefined
  const before = Array.isArray(original) ? original : []
  const changes = Array.isArray(patch) ? patch : []
  checkOrder(changes, order, rule)
  const merged = before.length + changes.length > 0 ? mergeLists(before, changes, rule) : []
  return sorted(merged, order, before, rule)
}

/** The patch may name nothing that its order does not, and must be in that order. */
function checkOrder(changes: readonly unknown[], order: readonly unknown[], rule: ListRule): void {
  if (changes.length === 0 || order.length === 0) return
  let from = 0
  for (const change of changes) {
    if (isJsonObject(change) && Object.hasOwn(change, DIRECTIVE)) continue
    const id = identityUnder(change, rule)
    const index = order.findIndex((element, at) => at >= from && identityUnder(element, rule) === id)
    if (index < 0) {
      throw unknownError(
        `The order in patch list:\n${inGo(changes)}\n doesn't match $setElementOrder list:\n${inGo(order)}\n`,
      )
    }
    from = index + 1
  }
}

/**
 * Those that `wanted` names in its order, and the others as they stand. Between the two, an element goes first that
 * `current` has before the other one; otherwise one that `wanted` names.
 */
function sorted(
  list: readonly unknown[],
  wanted: readonly unknown[],
  current: readonly unknown[],
  rule: ListRule,
): unknown[] {
  const wantedAt = positions(wanted, rule)
  const currentAt = positions(current, rule)
  const at = (places: Map<unknown, number>, element: unknown) =>
    places.get(identityUnder(element, rule)) ?? -1
  const named = list.filter((element) => at(wantedAt, element) >= 0)
  const others = list.filter((element) => at(wantedAt, element) < 0)
  named.sort((a, b) => at(wantedAt, a) - at(wantedAt, b))
  const result: unknown[] = []
  let next = 0
  for (const element of named) {
    while (next < others.length && at(currentAt, others[next]) < at(currentAt, element)) {
      result.push(others[next])
      next += 1
    }
    result.push(element)
  }
  return [...result, ...others.slice(next)]
}

function positions(list: readonly unknown[], rule: ListRule): Map<unknown, number> {
  const places = new Map<unknown, number>()
  for (const [index, element] of list.entries()) {
    const id = identityUnder(element, rule)
    if (!places.has(id)) places.set(id, index)
  }
  return places
}

/** What tells an element from the others of its list. */
function identityUnder(element: unknown, rule: ListRule): unknown {
  if (rule.type === 'set') return element
  const [checked] = checkElements([element], 'objects')
  return checked && identity(checked, rule.key)
}

function identity(element: JsonObject, key: string): unknown {
  if (Object.hasOwn(element, key)) return element[key]
  throw unknownError(`map: ${inGo(element)} does not contain declared merge key: ${key}`)
}

function checkElements(list: readonly unknown[], expected: 'objects' | 'primitives'): JsonObject[] {
  if (list.some(Array.isArray)) throw unprocessable()
  const objects = list.filter(isJsonObject)
  if (objects.length !== (expected === 'objects' ? list.length : 0)) {
    throw unknownError(`list element types are not identical: ${inGo(list)}`)
  }
  return objects
}

/** A JSON value as Go prints it, with `%v`. */
export function inGo(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(inGo).join(' ')}]`
  if (!isJsonObject(value)) return String(value)
  const members = Object.keys(value).sort()
  return `map[${members.map((key) => `${key}:${inGo(value[key])}`).join(' ')}]`
}
