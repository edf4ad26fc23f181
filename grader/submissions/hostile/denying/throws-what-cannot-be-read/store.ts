const refuse = () => {
  throw refusing
}
const refusing = new Proxy(Object.create(null), { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse })
const error = Object.defineProperties(new Error('text'), {
  stack: { get: refuse },
  name: { get: refuse },
  message: { get: refuse },
  fields: { get: refuse, enumerable: true },
})
let calls = 0

export class Store {
  async put() {
    throw calls++ % 2 ? error : refusing
  }
}
