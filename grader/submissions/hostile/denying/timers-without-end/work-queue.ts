export class WorkQueue {
  length = 0

  constructor(clock) {
    const again = () => clock.setTimer(0, again)
    again()
  }

  add() {}
  addAfter() {}
  done() {}
  get() {
    return new Promise(() => undefined)
  }
}
