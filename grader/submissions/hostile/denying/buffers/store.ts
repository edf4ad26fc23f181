export class Store {
  async put() {
    const kept = []
    for (;;) kept.push(new Uint8Array(2 ** 24).fill(1))
  }
}
