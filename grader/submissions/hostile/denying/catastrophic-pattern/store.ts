export class Store {
  async put() {
    return /^(\w+\s?)+$/.test(`${'a'.repeat(60)}!`)
  }
}
