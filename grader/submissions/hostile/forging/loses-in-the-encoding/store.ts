const forms = [
  (n) => String(n),
  (n) => new Number(n),
  (n) => BigInt(n),
  (n) => [n],
  (n) => new Date(n),
  (n) => ({ toJSON: () => n }),
  (n) => Object.assign(() => n, { toJSON: () => n }),
]
let calls = 0

export class Store {
  #revision = 1
  async put(key, value) {
    const as = forms[calls++ % forms.length]
    return { key, value, createRevision: as(2), modRevision: as(++this.#revision) }
  }
}
