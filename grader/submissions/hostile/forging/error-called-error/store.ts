export class Store {
  #revision = 1
  #items = new Map()

  async put(key, value, { ifRevision } = {}) {
    this.#require(key, ifRevision)
    const modRevision = ++this.#revision
    const createRevision = this.#items.get(key)?.createRevision ?? modRevision
    this.#items.set(key, { key, value, createRevision, modRevision })
    return this.#items.get(key)
  }

  async delete(key, { ifRevision } = {}) {
    this.#require(key, ifRevision)
    const item = this.#items.get(key)
    if (this.#items.delete(key)) this.#revision++
    return item
  }

  async list() {
    return { revision: this.#revision, items: [...this.#items.values()] }
  }

  #require(key, expected) {
    const current = this.#items.get(key)?.modRevision ?? 0
    if (expected === undefined || expected === current) return
    throw Object.assign(new Error('no'), { error: 'RevisionConflict', key, expected, current })
  }
}
