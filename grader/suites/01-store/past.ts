// ST-5: reading the past.
import fc from 'fast-check'
import type { ReadOptions } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { expectItems, expectRefusal, newStore, pods, web1, web2 } from './bench.ts'
import { deleteCommand, getAtCommand, listAtCommand, putCommand, runCommands, sizes } from './model.ts'

check('ST-5.1', 'reads at a revision what was read when the store was at it', async (subject) => {
  const store = newStore(subject)
  const writes = [
    () => store.put(web2, 'Ready'),
    () => store.put(web1, 'Pending'),
    () => store.put(web1, 'Running'),
    () => store.delete(web1),
    () => store.put(web1, 'Pending again'),
  ]
  const read = (options: ReadOptions) => ({
    gets: [store.get(web1, options), store.get(web2, options)],
    list: store.list(pods, options),
  })
  const then = [read({})]
  for (const write of writes) {
    write()
    then.push(read({}))
  }
  for (const [index, { gets, list }] of then.entries()) {
    const later = read({ revision: index + 1 })
    const when = `at revision ${index + 1}, once the store is at 6`
    for (const [nth, get] of later.gets.entries()) {
      expect(await get, `get of web-${nth + 1} ${when}`).toEqual(await gets[nth])
    }
    expectItems((await later.list).items, `the list ${when}`, (await list).items)
  }
})

check('ST-5.2', 'refuses to read a revision that there is not yet', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const fields = { requested: 3, current: 2 }
  const get = store.get(web1, { revision: 3 })
  const absent = store.get(web2, { revision: 3 })
  const list = store.list('', { revision: 3 })
  store.put(web1, 'Running')
  const later = store.get(web1, { revision: 3 })
  await expectRejection(get, 'get at revision 3 of a store at revision 2', 'FutureRevision', fields)
  await expectRejection(absent, 'get of an absent key at revision 3, at revision 2', 'FutureRevision', fields)
  await expectRejection(list, 'list at revision 3 of a store at revision 2', 'FutureRevision', fields)
  expect((await later)?.value, 'the value at revision 3 once it has been written').toEqual('Running')
  const future = { revision: 4 }
  const then = 'at a revision that there is not yet'
  await expectRefusal(subject, store, 'get', [web1, future], `get ${then}`, 'FutureRevision')
  await expectRefusal(subject, store, 'list', ['', future], `list ${then}`, 'FutureRevision')
})

check('ST-5.3', 'reads at every revision what a model of it holds', async (subject) => {
  const commands = fc.commands([putCommand, deleteCommand, getAtCommand, listAtCommand], sizes)
  await forAll(subject.seed, commands, (example) => runCommands(subject, example), 12)
})
