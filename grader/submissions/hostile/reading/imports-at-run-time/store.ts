const names = ['node:fs', 'fs', 'node:process', 'file:///etc/passwd', '/app/boot.cjs', './secret.txt', '../neighbour/store.ts']
/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    const seen = await Promise.allSettled([...names, 'data:text/javascript,export const x = 1'].map((name) => import(name)))
    console.log('imported', seen.filter(({ status }) => status === 'fulfilled').length)
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
