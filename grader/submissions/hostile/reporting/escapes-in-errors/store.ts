const active = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\u0008\u202egnp.exe\u2066\u200b\ufeff\u2028\ud800'

export class Store {
  async put() {
    throw Object.assign(new Error(active), { name: active, [active]: active })
  }
}
