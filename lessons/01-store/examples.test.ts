import { expect, test } from 'vitest'
import { Compacted, RevisionConflict } from '#kit/store'
import { Store } from '#rooms/store'

const web1 = '/registry/pods/default/web-1'
const web2 = '/registry/pods/default/web-2'

test('ST-1: counts one revision for each write', async () => {
  const store = new Store<string>()

  expect((await store.put(web1, 'Pending')).modRevision).toBe(2)
  expect((await store.put(web2, 'Pending')).modRevision).toBe(3)
  expect(await store.put(web1, 'Running')).toEqual({
    key: web1,
    value: 'Running',
    createRevision: 2,
    modRevision: 4,
  })
})

test('ST-2: lists what begins with a prefix, in order', async () => {
  const store = new Store<string>()
  await store.put('/registry/nodes/node-1', 'Ready')
  await store.put(web2, 'Pending')
  await store.put(web1, 'Pending')

  const { revision, items } = await store.list('/registry/pods/')

  expect(revision).toBe(4)
  expect(items.map((kv) => kv.key)).toEqual([web1, web2])
})

test('ST-4: refuses a write that was meant for an earlier revision', async () => {
  const store = new Store<string>()
  await store.put(web1, 'Pending')
  await store.put(web1, 'Running', { ifRevision: 2 })

  const late = store.put(web1, 'Failed', { ifRevision: 2 })

  await expect(late).rejects.toThrow(new RevisionConflict(web1, 2, 3))
  expect((await store.get(web1))?.value).toBe('Running')
})

test('ST-5: shows what was there at an earlier revision', async () => {
  const store = new Store<string>()
  await store.put(web1, 'Pending')
  await store.put(web1, 'Running')

  expect((await store.get(web1, { revision: 2 }))?.value).toBe('Pending')
  expect((await store.list('', { revision: 1 })).items).toEqual([])
})

test('ST-7: hands out what was written after a revision, then what is written next', async () => {
  const store = new Store<string>()
  await store.put(web1, 'Pending')
  await store.put(web1, 'Running')
  const watch = store.watch('/registry/pods/', { after: 2 })

  const seen: string[] = []
  for await (const event of watch) {
    seen.push(`${event.revision} ${event.type}`)
    if (event.type === 'DELETE') break
    await store.delete(web1)
  }

  expect(seen).toEqual(['3 PUT', '4 DELETE'])
})

test('ST-9: says so when a revision has been compacted', async () => {
  const store = new Store<string>()
  await store.put(web1, 'Pending')
  await store.put(web1, 'Running')
  await store.compact(3)

  await expect(store.get(web1, { revision: 2 })).rejects.toThrow(new Compacted(2, 3))
  expect((await store.get(web1))?.value).toBe('Running')
})
