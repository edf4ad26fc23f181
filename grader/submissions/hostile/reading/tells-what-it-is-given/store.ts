export class Store {
  async put(...args) {
    const names = Object.getOwnPropertyNames(globalThis)
    const texts = names.map((name) => String(globalThis[name]?.startAgent ?? globalThis[name]?.stack ?? name))
    throw new Error(JSON.stringify([args, texts]))
  }
}
