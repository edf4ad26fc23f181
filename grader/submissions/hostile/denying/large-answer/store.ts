let calls = 0

export class Store {
  async put() {
    return calls++ ? undefined : 'x'.repeat(6 * 2 ** 20)
  }
}
