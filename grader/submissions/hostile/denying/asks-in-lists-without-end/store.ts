const { stringify } = JSON
const deep = '['.repeat(200_000) + ']'.repeat(200_000)
const asked = `"asked":[{"does":"call","ask":1,"lent":1,"method":"x","args":${deep}}]`

JSON.stringify = (...args) => stringify(...args)?.replace('"asked":[]', asked)

export class Store {
  async put() {}
}
