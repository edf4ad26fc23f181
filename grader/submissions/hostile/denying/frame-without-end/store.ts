const { stringify } = JSON
const endless = `"${'x'.repeat(20 * 2 ** 20)}`

JSON.stringify = (report, ...rest) => (report?.settled?.length ? endless : stringify(report, ...rest))

export class Store {
  async put() {}
}
