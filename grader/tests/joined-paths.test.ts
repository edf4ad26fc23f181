import { expect, it } from 'vitest'
import { joinedPath } from '../src/bundle/joined-paths.ts'

const room = (expression: string) => `export class Store {\n  put = (name: string) => ${expression}\n}\n`

it.each([
  [`import('../../../' + name)`],
  [`import(\`./\${name}.ts\`)`],
  [`import /* now */ ('./a/' + name + '.json', { with: { type: 'json' } })`],
  [`import(name ? './a/' + name : './b/' + name)`],
  [`require('./' + name)`],
  [`\\u0072equire('./' + name)`],
  [`require?.('./' + name)`],
  [`import('.' + '/' + name)`],
])('finds a path that is put together: %s', async (expression) => {
  expect(await joinedPath(room(expression))).toBe(2)
})

it.each([
  ['a name alone', 'import(name)'],
  ['a path that is whole', `import('./store')`],
  ['a function of the room', `((require: (text: string) => string) => require('a' + name))(String)`],
  ['a text that says so', `"import('./' + name)"`],
  ['what is no TypeScript', `import('./' + `],
])('finds none in %s', async (_, expression) => {
  expect(await joinedPath(room(expression))).toBeUndefined()
})
