export class Store {
  async put() {
    return new ArrayBuffer(2 ** 52)
  }
}
