/** What a room may well hide behind something of its own: these take no more properties, but each of theirs can be set. */
const CLOSED = [Object.prototype, Error.prototype]

/** What no room has a reason to change. */
const FROZEN = [
  ...[Object, Function, Array, String, Number, Boolean, BigInt, Symbol, RegExp, Promise, Proxy],
  ...[Map, Set, WeakMap, WeakSet, WeakRef, ArrayBuffer, DataView, Uint8Array],
  ...[Function, Array, String, Number, Boolean, BigInt, Symbol, RegExp, Promise].map(
    ({ prototype }) => prototype,
  ),
  ...[Map, Set, WeakMap, WeakSet, WeakRef, ArrayBuffer, DataView].map(({ prototype }) => prototype),
  ...[[], new Map(), new Set(), ''].map((values) => Object.getPrototypeOf(values[Symbol.iterator]())),
  ...[JSON, Reflect],
]

/**
 * Locks what the language itself brings. Several checks share a realm, and what is put together of a room for its checks stands
 * beside it: a room that changes what all of them use would answer for others than itself.
 *
 * @param realm the global object
 */
export function lock(realm: { Math?: unknown }): void {
  for (const one of [...FROZEN, realm.Math]) Object.freeze(one)
  for (const one of CLOSED) Object.preventExtensions(one)
  for (const name of Object.getOwnPropertyNames(realm)) {
    const own = Object.getOwnPropertyDescriptor(realm, name)
    if (own?.configurable && 'value' in own)
      Object.defineProperty(realm, name, { ...own, configurable: false, writable: false })
  }
}
