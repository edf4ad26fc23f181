const things = [null, undefined, Symbol('symbol'), () => 'function', 0, 1n, '', new Date(Number.NaN), Object.create(null)]
let calls = 0

export class Store {
  put() {
    throw things[calls++ % things.length]
  }
}
