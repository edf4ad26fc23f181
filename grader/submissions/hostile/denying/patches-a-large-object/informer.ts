/** Each patch is refused, for it names another version; before that, the object is read, copied, changed and checked. */
export class Informer {
  #client

  constructor(_kind, { client }) {
    this.#client = client
  }

  async start() {
    const at = { namespace: 'default', name: 'large' }
    const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, '']))
    await this.#client.create('ConfigMap', { metadata: at, data })
    const patch = { type: 'merge', patch: { metadata: { resourceVersion: '1' } } }
    for (let i = 0; i < 1_000; i++) {
      this.#client.patch('ConfigMap', at, patch).catch(() => {})
    }
  }

  async stop() {}
  addHandler() {}
  get() {}
  list() {
    return []
  }
}
