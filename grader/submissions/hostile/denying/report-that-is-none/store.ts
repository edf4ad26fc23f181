const { stringify } = JSON
const forms = ['[['.repeat(50_000), '{}', 'null', '{"slot":0,"answers":2,"settled":{"length":1}}', '"']
let reports = 0

JSON.stringify = (report, ...rest) =>
  report?.settled?.length ? forms[reports++ % forms.length] : stringify(report, ...rest)

export class Store {
  async put() {}
}
