export class Store {
  async put() {
    for (;;) await undefined
  }
}
