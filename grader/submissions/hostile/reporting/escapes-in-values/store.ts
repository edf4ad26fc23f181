const active = '\u001b[2J\u001b]8;;https://example.org\u0007\u009b31m\r\u0008\u202e\u2066\u200b\ufeff\u2028\ud800'

export class Store {
  async put() {
    return { [active]: active, list: [active, new Map([[active, active]]), new Error(active)] }
  }
}
