export class Store {
  #revision = 1
  async put(key, value) {
    const modRevision = { $: 'number', v: String(++this.#revision) }
    return { key, value: { $: 'held', v: 1 }, createRevision: { $: 'number', v: '2' }, modRevision }
  }
}
