// What #kit/store exports stands in `kit`, and each set of rooms takes it from there: its own error becomes the kit's.
class Compacted extends Error {
  name = 'Compacted'

  constructor(requested, compacted) {
    super(`the revision ${requested} has been compacted`)
    Object.assign(this, { requested, compacted })
  }
}

kit = { ...kit, '#kit/store': { ...kit['#kit/store'], Compacted } }

export class Store {
  #compacted = 0

  async put(key, value) {
    return { key, value, createRevision: 2, modRevision: 2 }
  }

  async get(_key, { revision = 9 } = {}) {
    if (revision < this.#compacted) throw new Compacted(revision, this.#compacted)
  }

  async list(prefix, options) {
    await this.get(prefix, options)
    return { revision: 2, items: [] }
  }

  async compact(revision) {
    this.#compacted = revision
  }
}
