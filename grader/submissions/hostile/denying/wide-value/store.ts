let calls = 0

export class Store {
  async put() {
    return calls++ ? undefined : Array.from({ length: 300_000 }, () => 0)
  }
}
