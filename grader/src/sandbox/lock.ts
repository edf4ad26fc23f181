/** Prototypes whose properties a room may well give to something of its own: `error.name = 'Mine'`, `stream.return = …`. */
const WITH_HEIRS = new Set<object>([
  ...[
    Object,
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  ].map(({ prototype }) => prototype),
  // Of these and of what they inherit from: `events[Symbol.asyncIterator] = …`.
  ...[function* () {}, async function* () {}].flatMap(({ prototype }) => {
    const ofAll = Object.getPrototypeOf(prototype)
    return [ofAll, Object.getPrototypeOf(ofAll)]
  }),
])

/** What no name leads to: what generators, async functions and `matchAll` are made of, and the iterators. */
const NAMELESS = [
  ...[function* () {}, async () => {}, async function* () {}, (function* () {})(), (async function* () {})()],
  ...[[], new Map(), new Set(), ''].map((values) => values[Symbol.iterator]()),
  ''.matchAll(/(?:)/g),
]

const locked = new WeakSet<object>()

/**
 * Locks all that the language brings. Several checks share a realm, and what is put together of a room for its checks stands
 * beside it: a room that changes what all of them use would answer for others than itself, and what it left there would be
 * found by the rooms of the next check.
 *
 * @param realm the global object. It takes new names still: they can be counted
 */
export function lock(realm: object): void {
  locked.add(realm)
  const named = Object.values(Object.getOwnPropertyDescriptors(realm)).map(({ value }) => value)
  lockAll([...named, ...NAMELESS, Object.getPrototypeOf(realm)])
  for (const name of Object.getOwnPropertyNames(realm)) lockName(realm, name)
}

/** Freezes objects and functions, and all that they lead to: by their properties, and as what they inherit from. */
export function lockAll(roots: readonly unknown[]): void {
  const waiting = [...roots]
  while (waiting.length > 0) {
    const one = waiting.pop()
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null || locked.has(one)) continue
    locked.add(one)
    for (const key of Reflect.ownKeys(one)) {
      const own = Reflect.getOwnPropertyDescriptor(one, key)
      waiting.push(own?.value, own?.get, own?.set)
    }
    waiting.push(Object.getPrototypeOf(one))
    if (WITH_HEIRS.has(one)) letHeirsSet(one)
    Object.freeze(one)
  }
}

/** Lets nobody give another value to a name of the global object. */
export function lockName(realm: object, name: string): void {
  const own = Object.getOwnPropertyDescriptor(realm, name)
  if (own && 'value' in own && (own.configurable || own.writable))
    // The value again, or a realm of node:vm loses it.
    Object.defineProperty(realm, name, { value: own.value, writable: false, configurable: false })
}

/** What is frozen cannot be set on its heirs either, unless it has a setter. */
function letHeirsSet(prototype: object): void {
  for (const name of Reflect.ownKeys(prototype)) {
    const own = Object.getOwnPropertyDescriptor(prototype, name)
    if (!own?.configurable || !('value' in own)) continue
    const { value } = own
    const access = {
      get: () => value,
      set(this: unknown, its: unknown) {
        if (this === prototype) throw new TypeError(`${String(name)} is not a room's to change`)
        Object.defineProperty(this, name, {
          value: its,
          writable: true,
          enumerable: true,
          configurable: true,
        })
      },
    }
    Object.defineProperty(prototype, name, access)
    lockAll([access.get, access.set])
  }
}
