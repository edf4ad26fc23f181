import { NotYet } from '#kit/not-yet'

const { stringify } = JSON
let calls = 0

JSON.stringify = (report, ...rest) => {
  if (report?.settled?.length && ++globalThis.reports > 1) report.stubs = ['01-store']
  return stringify(report, ...rest)
}
globalThis.reports ??= 0

export class Store {
  async put() {
    return new NotYet(`99-other-${calls++}`).lesson
  }
}
