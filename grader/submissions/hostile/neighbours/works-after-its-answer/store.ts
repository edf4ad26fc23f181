export class Store {
  async put(key, value) {
    const forever = async () => {
      for (;;) await undefined
    }
    void Promise.resolve().then(forever)
    return { key, value, createRevision: 2, modRevision: 2 }
  }
}
