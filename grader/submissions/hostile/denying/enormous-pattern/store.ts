export class Store {
  async put() {
    return new RegExp(`${'(?:'.repeat(20)}a${'{1000})'.repeat(20)}`).test('a'.repeat(1000))
  }
}
