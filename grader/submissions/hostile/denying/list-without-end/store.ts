const endless = new Proxy([], { get: (list, key) => (key === 'length' ? 2 ** 32 - 1 : Reflect.get(list, key)) })
let calls = 0

export class Store {
  put = async () => (calls++ ? undefined : endless)
}
