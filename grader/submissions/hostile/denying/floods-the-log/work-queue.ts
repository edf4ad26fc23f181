const { stringify } = JSON
const flood = `${`"${'x'.repeat(15_000)}"\nl`.repeat(199)}"x"`
let lines = 0

JSON.stringify = (value, ...rest) => (value?.[1] === 'flood' ? flood : stringify(value, ...rest))

export class WorkQueue {
  length = 0

  constructor(clock) {
    const again = () => {
      if (lines++ > 40) return
      clock.setTimer(0.001, again)
      console.log('flood')
    }
    this.addAfter = again
  }

  add() {}
  done() {}
  get() {
    return new Promise(() => undefined)
  }
}
