// ST-5: reading the past.
import fc from 'fast-check'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { expectList, expectReturned, keyValue, newStore, pods, web1, web2 } from './bench.ts'
import { deleteCommand, getAtCommand, listAtCommand, putCommand, runCommands, sizes } from './model.ts'

check('ST-5.1', 'reads what was there at a revision, and says that revision with a list', async (subject) => {
  const store = newStore(subject)
  store.put(web2, 'Ready')
  store.put(web1, 'Pending')
  store.put(web1, 'Running')
  store.delete(web1)
  store.put(web1, 'Pending again')
  const expected = [
    undefined,
    undefined,
    keyValue(web1, 'Pending', 3, 3),
    keyValue(web1, 'Running', 3, 4),
    undefined,
    keyValue(web1, 'Pending again', 6, 6),
  ]
  const reads = expected.map((kv, index) => {
    const revision = index + 1
    const always = revision < 2 ? [] : [keyValue(web2, 'Ready', 2, 2)]
    const items = kv ? [kv, ...always] : always
    return [revision, kv, items, store.get(web1, { revision }), store.list(pods, { revision })] as const
  })
  for (const [revision, kv, items, get, list] of reads) {
    expect(await get, `get of web-1 at revision ${revision}`).toEqual(kv)
    expectList(await list, `the list at revision ${revision}`, { revision, items })
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
  expect(await later, 'get at revision 3 once it has been written').toEqual(keyValue(web1, 'Running', 2, 3))
  const future = { revision: 4 }
  await expectReturned(subject, store, 'get', [web1, future], 'get at a revision that there is not yet')
  await expectReturned(subject, store, 'list', ['', future], 'list at a revision that there is not yet')
})

check('ST-5.3', 'reads at every revision what a model of it holds', async (subject) => {
  const commands = fc.commands([putCommand, deleteCommand, getAtCommand, listAtCommand], sizes)
  await forAll(subject.seed, commands, (example) => runCommands(subject, example), 12)
})
