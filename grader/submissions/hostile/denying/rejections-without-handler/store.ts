/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    for (let i = 0; i < 1_000; i++) void Promise.reject(new Error(`left behind: ${i} ${'x'.repeat(1_000)}`))
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
