const long = 'x'.repeat(1_000_000)

export class Store {
  async put() {
    throw Object.assign(new Error(long), { name: long, stack: `${long}\n    at ${long} (rooms.js:1:1)` })
  }
}
