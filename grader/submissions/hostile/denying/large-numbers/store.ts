const large = 7n ** 600_000n

export class Store {
  async put() {
    return { key: large, value: [large, large], createRevision: large, modRevision: large }
  }
}
