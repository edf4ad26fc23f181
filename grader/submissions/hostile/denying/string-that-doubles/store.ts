export class Store {
  async put() {
    let text = 'text'
    for (;;) text += text
  }
}
