const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()))
const places = [
  ...[Error, RangeError, Error.prototype, Date, Date.prototype, Intl, console, queueMicrotask, structuredClone],
  ...[Object.create, Object.prototype.toString, [].push, Int8Array, Int8Array.prototype, Symbol.iterator.description],
  ...[iterators, Object.getPrototypeOf(function* () {}), Object.getPrototypeOf(async () => {})],
  ...[Object.getPrototypeOf(''.matchAll(/a/g)), Object.getPrototypeOf(globalThis), agent, kit, kit['#kit/store']],
]
const note = { value: 'I was here', configurable: true }
const kept = places.filter((place) => Object(place) === place && Reflect.defineProperty(place, 'note', note))

/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    console.log('kept', kept.length, 'notes')
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
