// RC-8: lists page by page.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import {
  AFTER_BACK_OFF_MS,
  Bench,
  expired,
  LIST,
  type List,
  parts,
  started,
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
  api.nextLists.push(page(['a', 'b'], 10, 'two'), page(['c', 'd'], 10, 'three'), () => held.promise)
  bench.start()
  await bench.look('before the last page has come', { told: [], cache: [], synced: false })
  held.resolve(page(['e'], 10)())
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `default/${name}@10`)
  await bench.look('when the last page has come', { cache: all, synced: true })
  await bench.asked('for a list in three pages', [
    'list',
    { ...LIST, continue: 'two' },
    { ...LIST, continue: 'three' },
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
  const bench = new Bench(subject, { options: { namespace: 'default' } })
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
    { ...LIST, namespace: 'default', continue: '1' },
    { list: 'ConfigMap', namespace: 'default' },
    'watch from 13',
  ])
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
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.look('after the second page failed twice, and the back-off', {
    cache: ['default/a@11', 'default/b@12'],
  })
  await bench.asked('after the second page failed twice, and the back-off', ['list', 'watch from 12'])
})

check('RC-8.6', 'lists with a limit again where the list without one fails', async (subject) => {
  const failing = (pages: number, error: Error, failed: string) => {
    const who = `the informer whose page ${pages} is compacted`
    const { api, ...bench } = parts(new Bench(subject, {}, new ScriptedApi(), { who }))
    for (const name of ['a', 'b', 'c']) api.put(name)
    for (let page = 1; page < pages; page++)
      api.nextLists.push((options) => api.list({ ...options, limit: 1 }))
    for (const answer of [expired(), error]) api.nextLists.push(() => Promise.reject(answer))
    bench.start()
    const what = `page ${pages} was answered with 410, and the list without a limit ${failed}`
    return { ...bench, who, what }
  }
  const two = failing(2, new Error('connection reset'), 'failed')
  const three = failing(3, expired(), 'with 410, too')
  for (const { look, who, what } of [two, three]) {
    tellOf(subject.trace, who)
    await look(`when ${what}`, { told: [], cache: [] })
  }
  const pages = ['list', 'list on from 1', 'list on from 2']
  tellOf(subject.trace, two.who)
  await two.asked(`until ${two.what}`, [...pages.slice(0, 2), { list: 'ConfigMap' }])
  tellOf(subject.trace, three.who)
  await three.asked(`until ${three.what}`, [...pages, { list: 'ConfigMap' }])
  await two.pass(AFTER_BACK_OFF_MS)
  for (const { asked, who, what } of [two, three]) {
    tellOf(subject.trace, who)
    await asked(`after the back-off, when ${what}`, [LIST, 'watch from 13'])
  }
})
