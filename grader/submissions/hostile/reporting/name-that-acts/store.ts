export class Store {
  async put() {}
}
