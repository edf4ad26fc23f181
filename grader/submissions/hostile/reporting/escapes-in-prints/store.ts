/** Right, as far as ST-1 goes. */
export class Store {
  #revision = 1
  #created = new Map()

  async put(key, value) {
    console.log('\u001b[2J\u001b]0;owned\u0007\r\u202e', '\n::error::owned\n##vso[task.complete]')
    console.error({ '\u001b[31m': '\u009b' }, new Error('\u001b[2J'), Symbol('\u0007'))
    const modRevision = ++this.#revision
    if (!this.#created.has(key)) this.#created.set(key, modRevision)
    return { key, value, createRevision: this.#created.get(key), modRevision }
  }
}
