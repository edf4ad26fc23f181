export class WorkQueue {
  #keys = []

  constructor(clock) {
    clock.now = () => Number.MAX_SAFE_INTEGER
    clock.setTimer = (delayMs, fire) => {
      fire()
      return { cancel() {} }
    }
    this.clock = clock
  }

  get length() {
    return this.#keys.length
  }

  add(key) {
    if (!this.#keys.includes(key)) this.#keys.push(key)
  }

  addAfter(key, delayMs) {
    this.clock.setTimer(delayMs, () => this.add(key))
  }

  async get() {
    return this.#keys.shift()
  }

  done() {}
}
