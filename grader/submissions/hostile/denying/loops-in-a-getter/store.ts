export class Store {
  async put() {
    return {
      get key() {
        for (;;);
      },
    }
  }
}
