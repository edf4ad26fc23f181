console.log('marked before:', Reflect.has(globalThis, 'marked'))

/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    globalThis.marked = true
    try {
      for (const method of ['map', 'filter', 'push']) Array.prototype[`${method}Marked`] = Array.prototype[method]
    } catch {}
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
