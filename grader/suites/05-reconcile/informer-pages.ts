// RC-8: lists page by page.
import type { User } from '#kit/user'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import {
  AFTER_BACK_OFF_MS,
  answered,
  Bench,
  expired,
  LIST,
  type List,
  parts,
  started,
  stillWaits,
  tellOf,
} from './informer-bench.ts'
import { Held, ScriptedApi } from './scripted-api.ts'

check('RC-8.1', 'asks for page after page, and fills the cache with all', async (subject) => {
  const bench = new Bench(subject)
  const { api } = bench
  const page = (names: string[], version: number, next?: string) => () => ({
    metadata: { resourceVersion: `${version}`, ...(next && { continue: next }) },
    items: names.map((name) => api.make(name)),
  })
  const held = new Held<List>()
  api.nextLists.push(
    page(['a', 'b'], 10, 'two'),
    page(['c', 'd'], 10, 'three'),
    page([], 10, 'four'),
    () => held.promise,
  )
  const start = bench.start()
  await bench.look('before the last page has come', { told: [], cache: [], synced: false })
  await stillWaits(subject, start, 'start() before the last page has come')
  held.resolve(page(['e'], 10)())
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `default/${name}@10`)
  await bench.look('when the last page has come', { cache: all, synced: true })
  await answered(subject, start, 'start() when the last page has come')
  await bench.asked('for a list in four pages, of which the third has no objects', [
    'list',
    { ...LIST, continue: 'two' },
    { ...LIST, continue: 'three' },
    { ...LIST, continue: 'four' },
    'watch from 10',
  ])
})

check('RC-8.2', 'deletes nothing that is on a later page', async (subject) => {
  const { api, ...bench } = parts(await started(subject, { options: { namespace: 'default' } }))
  for (let i = 0; i < 2; i++) {
    api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
  }
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.look('after 410, and a list in two pages with what was there before', {
    told: [],
    cache: ['default/a@11', 'default/b@12'],
  })
  await bench.asked('for a list in two pages', [
    'list',
    { ...LIST, namespace: 'default', continue: '1' },
    'watch from 12',
  ])
})

check('RC-8.3', 'lists without a limit where a later page is answered with 410', async (subject) => {
  const user: User = { name: 'system:node:node-1', groups: ['system:nodes'] }
  const selection = {
    namespace: 'default',
    labelSelector: 'app=web',
    fieldSelector: 'metadata.name!=z',
    user,
  }
  const list = { ...LIST, list: 'Secret', ...selection }
  const bench = new Bench(subject, { kind: 'Secret', options: selection }, new ScriptedApi(10n, 'Secret'))
  const { api } = bench
  api.put('a')
  api.put('b')
  api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
  api.nextLists.push(() => {
    api.put('c')
    return Promise.reject(expired())
  })
  bench.start()
  await bench.look('after 410 in place of the second page', {
    errors: [],
    cache: ['default/a@11', 'default/b@12', 'default/c@13'],
  })
  await bench.asked('with 410 in place of the second page', [
    'list',
    { ...list, continue: '1' },
    { list: 'Secret', ...selection },
    'watch from 13',
  ])
  api.cut(expired())
  api.nextLists.push(
    (options) => api.list({ ...options, limit: 1 }),
    () => Promise.reject(expired()),
  )
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('by a second list of Secrets, with 410 in place of its second page', [
    list,
    { ...list, continue: '1' },
    { list: 'Secret', ...selection },
    'watch from 13',
  ])
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.asked('by a third list', [list, 'watch from 13'])
})

check('RC-8.4', 'begins a list anew where a later page fails', async (subject) => {
  const bench = new Bench(subject)
  const { api } = bench
  api.put('a')
  api.put('b')
  for (let time = 0; time < 2; time++) {
    api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
    api.nextLists.push(() => Promise.reject(new Error('connection reset')))
  }
  bench.start()
  await bench.look('after the second page failed', { told: [], cache: [] })
  const [first = 0] = await bench.dueInMs()
  await bench.pass(first)
  const [second = 0] = await bench.dueInMs()
  const what = 'in how many ms the next list is due when the second page has failed twice'
  expect(second, what).toSatisfy(`more than the ${first} ms after the first time`, (ms) => ms > first)
  void api.asked
  api.remove('a')
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.look('after the second page failed twice, a was deleted, and the back-off', {
    cache: ['default/b@12'],
  })
  await bench.asked('after the second page failed twice, and the back-off', ['list', 'watch from 13'])
})

check('RC-8.6', 'lists with a limit again where the list without one fails', async (subject) => {
  const failing = ({ api }: Bench, pages: number, error: Error) => {
    for (const name of ['a', 'b', 'c']) api.put(name)
    for (let page = 1; page < pages; page++)
      api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
    for (const answer of [expired(), error]) api.nextLists.push(() => Promise.reject(answer))
  }
  const [who, whoElse] = ['the informer whose second page is compacted', 'the one whose third page is']
  const what = 'page 2 was answered with 410, and the list without a limit failed'
  const whatElse = 'page 3 was answered with 410, and the list without a limit with 410, too'
  // Its watch has failed before, and it has a list.
  const one = await started(subject, {}, { who })
  one.api.cut(expired())
  failing(one, 2, new Error('connection reset'))
  const [first = 0] = await one.dueInMs()
  await one.pass(first)
  const other = new Bench(subject, {}, new ScriptedApi(), { who: whoElse })
  failing(other, 3, expired())
  other.start()
  tellOf(subject.trace, who)
  await one.look(`when ${what}`, { told: [], errors: ['too old', 'connection reset'] })
  await one.asked(`until ${what}`, ['list', 'list on from 1', { list: 'ConfigMap' }])
  tellOf(subject.trace, whoElse)
  await other.look(`when ${whatElse}`, { told: [], cache: [], errors: ['too old'] })
  await other.asked(`until ${whatElse}`, ['list', 'list on from 1', 'list on from 2', { list: 'ConfigMap' }])
  expect(
    await other.dueInMs(),
    'in how many ms each is due: this informer after its first failure, and another one after its second in a row',
  ).toSatisfy(
    `${first}, as for the other one after its first, and more than that`,
    ([mine = 0, others = 0]) => mine === first && others > first,
  )
  await one.pass(AFTER_BACK_OFF_MS)
  for (const [{ asked }, when, version] of [
    [parts(one), what, 15],
    [parts(other), whatElse, 13],
  ] as const)
    await asked(`after the back-off, when ${when}`, [LIST, `watch from ${version}`])
})
