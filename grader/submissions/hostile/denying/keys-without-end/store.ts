const endless = new Proxy(
  {},
  {
    ownKeys() {
      const keys = new Set()
      for (;;) keys.delete(keys.add(`key ${Math.ceil(keys.size)}`))
    },
  },
)

export class Store {
  put = async () => endless
}
