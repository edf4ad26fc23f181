import fc from 'fast-check'
import type { KeyValue, Snapshot, StoreEvent } from '#kit/store'
import type * as StoreRoom from '#rooms/store'
import { check } from '../src/runner/check.ts'
import { expect, expectAnswer, expectPending, expectRejection, Unmet, words } from '../src/runner/expect.ts'
import { forAll } from '../src/runner/property.ts'
import type { Call, Handle, Remote, Subject } from '../src/subject/subject.ts'
import type * as Fixture from './01-store.fixture.ts'

type Store = Remote<StoreRoom.Store<unknown>>
type Watch = ReturnType<Store['watch']['hold']>
type Next = IteratorResult<StoreEvent<unknown>, undefined>

const newStore = (
  { room }: Pick<Subject, 'room'>,
  ...snapshot: [] | [Snapshot<unknown> | Handle<Snapshot<unknown>>]
): Store => room<typeof StoreRoom>('store').construct('Store', ...snapshot)

const pods = '/registry/pods/default/'
const web1 = `${pods}web-1`
const web2 = `${pods}web-2`
const node1 = '/registry/nodes/node-1'

const keyValue = (
  key: string,
  value: unknown,
  createRevision: number,
  modRevision: number,
): KeyValue<unknown> => ({ key, value, createRevision, modRevision })

const putEvent = (kv: KeyValue<unknown>, prevKv?: KeyValue<unknown>): Next => ({
  done: false,
  value: { type: 'PUT', key: kv.key, revision: kv.modRevision, kv, prevKv },
})

const deleteEvent = (revision: number, prevKv: KeyValue<unknown>): Next => ({
  done: false,
  value: { type: 'DELETE', key: prevKv.key, revision, prevKv },
})

const over: Next = { done: true, value: undefined }

async function expectNext(call: Call<Next>, what: string, expected: Next): Promise<void> {
  const answer = await call.settled()
  if (answer.status === 'rejected' && answer.error.thrown === 'Compacted') {
    throw new Unmet(what, expected, { error: 'Compacted', ...answer.error.fields })
  }
  expect(await expectAnswer(call, what, expected), what).toEqual(expected)
}

/** Looks at each answer of a watch, in the order of the calls. */
async function expectEvents(calls: Call<Next>[], what: string, expected: Next[]): Promise<void> {
  for (const [index, call] of calls.entries()) {
    await expectNext(call, `${what}, next() number ${index + 1}`, expected[index] ?? over)
  }
}

/** The same, of one property of the events. */
async function expectOfEvents(
  calls: Call<Next>[],
  what: string,
  property: 'key' | 'revision',
  expected: readonly (string | number)[],
): Promise<void> {
  for (const [index, call] of calls.entries()) {
    const name = `the ${property} of the event from ${what}, next() number ${index + 1}`
    const { value } = await expectAnswer(call, name, expected[index])
    expect<string | number | undefined>(value?.[property], name).toEqual(expected[index])
  }
}

const nexts = (watch: Watch, count: number): Call<Next>[] => Array.from({ length: count }, () => watch.next())

// ST-1: revisions

check(
  'ST-1.1',
  'gives each put the next revision, whatever the key, and keeps createRevision',
  async (subject) => {
    const store = newStore(subject)
    const first = store.put(web1, { phase: 'Pending' })
    store.put(web2, 'Pending')
    const second = store.put(web1, 'Running')
    const third = store.put(web1, 'Succeeded')
    const puts = [node1, web2].map((key) => store.put(key, 0))
    const other = newStore(subject).put(web1, 'Pending')
    expect(await first, 'what the first put resolved with').toEqual(
      keyValue(web1, { phase: 'Pending' }, 2, 2),
    )
    expect(await second, 'what the second put of web-1 resolved with').toEqual(
      keyValue(web1, 'Running', 2, 4),
    )
    expect(await third, 'what the third put of web-1 resolved with').toEqual(
      keyValue(web1, 'Succeeded', 2, 5),
    )
    for (const [index, put] of puts.entries()) {
      expect((await put).modRevision, `the modRevision of put number ${index + 5}`).toEqual(index + 6)
    }
    expect((await other).modRevision, 'the modRevision of the first put in another store').toEqual(2)
  },
)

check('ST-1.2', 'takes a revision for a put of the value that is there already', async (subject) => {
  const store = newStore(subject)
  store.put(web1, { phase: 'Running' })
  const same = store.put(web1, { phase: 'Running' })
  const other = store.put(web2, 1)
  expect(await same, 'what the second put of the same value resolved with').toEqual(
    keyValue(web1, { phase: 'Running' }, 2, 3),
  )
  expect((await other).modRevision, 'the modRevision of the put after it').toEqual(4)
})

// ST-2: reading what is there

check('ST-2.1', 'gets a key as it was last put, and says with a list where the store is', async (subject) => {
  const store = newStore(subject)
  const empty = store.list('')
  store.put(web1, { phase: 'Pending' })
  store.put(web1, { phase: 'Running', ip: '10.0.0.7' })
  store.put(web2, 'Pending')
  store.put(node1, 'Ready')
  const got = store.get(web1)
  const absent = store.get(`${web1}0`)
  const some = store.list(pods)
  const none = store.list('/registry/jobs/')
  const put = store.put(node1, 'Unknown')
  const running = keyValue(web1, { phase: 'Running', ip: '10.0.0.7' }, 2, 3)
  expect(await empty, 'the list of a new store').toEqual({ revision: 1, items: [] })
  expect(await got, 'what get of web-1 resolved with').toEqual(running)
  expect(await absent, 'what get of a key that was never put resolved with').toEqual(undefined)
  expect(await some, 'the list of all pods').toEqual({
    revision: 5,
    items: [running, keyValue(web2, 'Pending', 4, 4)],
  })
  expect(await none, 'the list of a prefix that no key has').toEqual({ revision: 5, items: [] })
  expect((await put).modRevision, 'the modRevision of the put after four puts and some reads').toEqual(6)
})

check('ST-2.2', 'lists what begins with the prefix, ascending as < compares strings', async (subject) => {
  const store = newStore(subject)
  const sibling = ['/pods/ab/x', '/pods/ab', '/pods/a', '/pods/a/x', '/pod', '/x/pods/a']
  const unordered = ['/b', '/web-2', '/é', '/B', '/web-10', '/_', '/10', '/9', '/a', '/a-b', '/ab', '/a/b']
  const keys = [...sibling, ...unordered]
  for (const key of keys) store.put(key, 0)
  const prefixes = ['/pods/a', '/pods/a/', '/pods/ab/x', '/pods/abc', '']
  const lists = prefixes.map((prefix) => [prefix, store.list(prefix)] as const)
  for (const [prefix, list] of lists) {
    const expected = keys.filter((key) => key.startsWith(prefix)).sort((a, b) => (a < b ? -1 : 1))
    const seen = (await list).items.map((kv) => kv.key)
    expect(seen.toSorted(), `which keys list("${prefix}") found`).toEqual(expected.toSorted())
    expect(seen, `the keys of list("${prefix}"), in their order`).toEqual(expected)
  }
})

check('ST-2.3', 'takes any string for a key and any JSON value for a value', async (subject) => {
  const store = newStore(subject)
  const pairs: [string, unknown][] = [
    ['__proto__', null],
    ['constructor', 0],
    ['hasOwnProperty', ''],
    ['toString', false],
    ['7', []],
    ['with space', {}],
    ['/ünïcode/☃', [null, { deep: [1, 2, { deeper: true }] }]],
  ]
  const before = pairs.map(([key]) => store.get(key))
  for (const [key, value] of pairs) store.put(key, value)
  const after = pairs.map(([key]) => store.get(key))
  const list = store.list('')
  const expected = pairs.map(([key, value], index) => keyValue(key, value, index + 2, index + 2))
  for (const [index, [key, value]] of pairs.entries()) {
    expect(await before[index], `get("${key}") of a new store`).toEqual(undefined)
    const what = `get("${key}") after ${JSON.stringify(value)} was put there`
    expect(await after[index], what).toEqual(expected[index])
  }
  expect((await list).items, 'the items of list("")').toEqual(
    expected.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  )
})

// ST-3: deleting

check(
  'ST-3.1',
  'removes a key, resolves with it as it last was, and lets it be created anew',
  async (subject) => {
    const store = newStore(subject)
    store.put(web1, 'Pending')
    store.put(web1, 'Running')
    store.put(web2, 'Pending')
    const deletion = store.delete(web1)
    const got = store.get(web1)
    const list = store.list(pods)
    const put = store.put(web1, 'Pending')
    const again = store.put(web1, 'Running')
    expect(await deletion, 'what delete resolved with').toEqual(keyValue(web1, 'Running', 2, 3))
    expect(await got, 'get of the deleted key').toEqual(undefined)
    expect(await list, 'the list after three puts and a delete').toEqual({
      revision: 5,
      items: [keyValue(web2, 'Pending', 4, 4)],
    })
    expect(await put, 'what put of the deleted key resolved with').toEqual(keyValue(web1, 'Pending', 6, 6))
    expect(await again, 'what the put after it resolved with').toEqual(keyValue(web1, 'Running', 6, 7))
  },
)

check('ST-3.2', 'does nothing when the key to delete is not there', async (subject) => {
  const store = newStore(subject)
  const never = store.delete(web1)
  store.put(web1, 'Pending')
  store.delete(web1)
  const again = store.delete(web1)
  const put = store.put(web2, 'Pending')
  expect(await never, 'what delete of a key that was never put resolved with').toEqual(undefined)
  expect(await again, 'what a second delete of a key resolved with').toEqual(undefined)
  expect((await put).modRevision, 'the modRevision after a put, a delete and two deletes of nothing').toEqual(
    4,
  )
})

// ST-4: conditions

check('ST-4.1', 'writes when the key is at the revision that is asked for', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const second = store.put(web1, 'Running', { ifRevision: 2 })
  store.put(web2, 'Pending')
  const third = store.put(web1, 'Succeeded', { ifRevision: 3 })
  const deleted = store.delete(web1, { ifRevision: 5 })
  expect(await second, 'a put with the modRevision of the first').toEqual(keyValue(web1, 'Running', 2, 3))
  expect(await third, 'a put with the modRevision of the second, after a put of another key').toEqual(
    keyValue(web1, 'Succeeded', 2, 5),
  )
  expect(await deleted, 'a delete with the modRevision of the third').toEqual(
    keyValue(web1, 'Succeeded', 2, 5),
  )
})

check('ST-4.2', 'refuses a write that asks for another revision than the key is at', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put(web1, 'Running')
  store.put(web2, 'Pending')
  store.delete(web2)
  const writes = [
    [web1, 2, 3, "the key's createRevision"],
    [web1, 5, 3, "the store's revision"],
    [web1, 6, 3, 'a revision that there is not yet'],
    [web2, 4, 0, 'the last modRevision of a deleted key'],
    [web2, 5, 0, 'the revision at which the key was deleted'],
    [node1, 1, 0, 'a revision, of a key that was never there,'],
  ] as const
  const calls = writes.flatMap(([key, expected, current, name]) => [
    [
      store.put(key, 'x', { ifRevision: expected }),
      `put with ${name} for ifRevision`,
      key,
      expected,
      current,
    ] as const,
    [
      store.delete(key, { ifRevision: expected }),
      `delete with ${name} for ifRevision`,
      key,
      expected,
      current,
    ] as const,
  ])
  for (const [call, what, key, expected, current] of calls) {
    await expectRejection(call, what, 'RevisionConflict', { key, expected, current })
  }
})

check('ST-4.3', 'creates with ifRevision 0 only where there is no such key', async (subject) => {
  const store = newStore(subject)
  const first = store.put(web1, 'Pending', { ifRevision: 0 })
  const second = store.put(web1, 'Pending', { ifRevision: 0 })
  const deletion = store.delete(web1, { ifRevision: 0 })
  store.delete(web1)
  const anew = store.put(web1, 'Pending', { ifRevision: 0 })
  const fields = { key: web1, expected: 0, current: 2 }
  expect(await first, 'put with ifRevision 0 of a new key').toEqual(keyValue(web1, 'Pending', 2, 2))
  await expectRejection(second, 'put with ifRevision 0 of a key that is there', 'RevisionConflict', fields)
  await expectRejection(
    deletion,
    'delete with ifRevision 0 of a key that is there',
    'RevisionConflict',
    fields,
  )
  expect(await anew, 'put with ifRevision 0 of a deleted key').toEqual(keyValue(web1, 'Pending', 4, 4))
})

check('ST-4.4', 'changes nothing by a write that it refuses', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.delete(web1, { ifRevision: 7 })
  store.put(web2, 'Pending', { ifRevision: 7 })
  const deletion = store.delete(web2, { ifRevision: 0 })
  const list = store.list('')
  const next = store.put(web1, 'Running', { ifRevision: 2 })
  expect(await deletion, 'what delete with ifRevision 0 of a key that is not there resolved with').toEqual(
    undefined,
  )
  expect(await list, 'the list after three refused writes and a delete of nothing').toEqual({
    revision: 2,
    items: [keyValue(web1, 'Pending', 2, 2)],
  })
  expect(await next, 'the next put').toEqual(keyValue(web1, 'Running', 2, 3))
})

check(
  'ST-4.5',
  'lets one of two writers win where both ask for the same revision at once',
  async (subject) => {
    const store = newStore(subject)
    const [first, second] = subject.together(() => [
      store.put(web1, 'of one', { ifRevision: 0 }),
      store.put(web1, 'of the other', { ifRevision: 0 }),
    ])
    const outcomes = [await first.settled(), await second.settled()]
    const winner = outcomes[0]?.status === 'resolved' ? 'of one' : 'of the other'
    const loser = winner === 'of one' ? second : first
    expect(
      outcomes.map(({ status }) => status).sort(),
      'how two puts of a new key ended that were called at once, both with ifRevision 0',
    ).toEqual(['rejected', 'resolved'])
    await expectRejection(loser, 'the put that came second', 'RevisionConflict', { key: web1, current: 2 })
    expect(await store.get(web1), 'the key after the race').toEqual(keyValue(web1, winner, 2, 2))

    const [put, deletion] = subject.together(() => [
      store.put(web1, 'Running', { ifRevision: 2 }),
      store.delete(web1, { ifRevision: 2 }),
    ])
    expect(
      [(await put.settled()).status, (await deletion.settled()).status].sort(),
      'how a put and a delete ended that were called at once, both with ifRevision 2',
    ).toEqual(['rejected', 'resolved'])
    expect((await store.list('')).revision, 'the revision after one put and one of the two').toEqual(3)
  },
)

// ST-5: the past

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
    expect(await list, `the list at revision ${revision}`).toEqual({ revision, items })
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
})

check('ST-5.3', 'reads at every revision what a model of it holds', async (subject) => {
  const commands = fc.commands([putCommand, deleteCommand, getAtCommand, listAtCommand], sizes)
  await forAll(subject.seed, commands, (example) => runCommands(subject, example), 12)
})

// ST-6: watching from now on

check('ST-6.1', 'hands out puts and deletes, with what the key held before', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const answers = nexts(watch, 8)
  store.put(web1, 'Pending')
  store.put(web1, 'Running')
  store.put(web2, 'Pending')
  store.delete(web1)
  store.put(web1, 'Pending')
  const puts = subject.together(() => ['a', 'b', 'c'].map((name) => store.put(`${pods}${name}`, 'Pending')))
  const first = keyValue(web1, 'Pending', 2, 2)
  const second = keyValue(web1, 'Running', 2, 3)
  await expectEvents(answers.slice(0, 5), 'the watch', [
    putEvent(first),
    putEvent(second, first),
    putEvent(keyValue(web2, 'Pending', 4, 4)),
    deleteEvent(5, second),
    putEvent(keyValue(web1, 'Pending', 6, 6)),
  ])
  const atOnce = await Promise.all(puts)
  const inOrder = atOnce.toSorted((a, b) => a.modRevision - b.modRevision).map((kv) => putEvent(kv))
  await expectEvents(answers.slice(5), 'the watch, after three puts that were called at once', inOrder)
})

check('ST-6.2', 'hands out keys that begin with the prefix, as a plain string', async (subject) => {
  const store = newStore(subject)
  const plain = store.watch.hold('/pods/a')
  const folder = store.watch.hold('/pods/a/')
  const all = store.watch.hold('')
  const keys = ['/pods/ab', '/pods/ab/x', '/pods/a', '/x/pods/a', '/pods/a/x', '/pods/b', '/pods/a/y']
  for (const key of keys) store.put(key, 0)
  const watches = [
    ['/pods/a', nexts(plain, 5)],
    ['/pods/a/', nexts(folder, 2)],
    ['', nexts(all, 7)],
  ] as const
  for (const [prefix, answers] of watches) {
    const expected = keys.filter((key) => key.startsWith(prefix))
    await expectOfEvents(answers, `watch("${prefix}")`, 'key', expected)
  }
})

check('ST-6.3', 'begins at the moment of the call, and waits while there is no event', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const busy = store.watch.hold(pods)
  const quiet = store.watch.hold(pods)
  const waiting = quiet.next()
  store.put(web2, 'Pending')
  store.put(web2, 'Running')
  const answers = nexts(busy, 2)
  const third = busy.next()
  const first = keyValue(web2, 'Pending', 3, 3)
  await expectPending(waiting, 'next() before anything was written')
  await expectNext(waiting, 'what it resolved with once something was', putEvent(first))
  await expectEvents(answers, 'a watch that was opened between the first put and the second', [
    putEvent(first),
    putEvent(keyValue(web2, 'Running', 3, 4), first),
  ])
  await expectPending(third, 'the next() after all events')
})

check('ST-6.4', 'hands out nothing for what is no write', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const watch = store.watch.hold('')
  store.put(web1, 'Failed', { ifRevision: 7 })
  store.put(web2, 'Failed', { ifRevision: 7 })
  store.delete(web1, { ifRevision: 7 })
  store.delete(web2)
  store.delete(web2, { ifRevision: 0 })
  store.get(web1)
  store.list('')
  store.put(web1, 'Running')
  await expectNext(
    watch.next(),
    'the first event after refused writes, deletes of nothing, reads, and one put',
    putEvent(keyValue(web1, 'Running', 2, 3), keyValue(web1, 'Pending', 2, 2)),
  )
})

// ST-7: watching from an earlier revision

check(
  'ST-7.1',
  'replays what was written after a revision, to each watch from its own place',
  async (subject) => {
    const store = newStore(subject)
    store.put(web1, 'Pending')
    store.put(web1, 'Running')
    store.delete(web1)
    store.put(node1, 'Ready')
    store.put(web1, 'Pending')
    const open = (after: number) => store.watch.hold(pods, { after })
    const watches = [
      [open(1), 'the watch with after: 1', 0],
      [open(2), 'the watch with after: 2', 1],
      [open(4), 'the watch with after: 4', 3],
      [open(5), 'the watch with after: 5', 3],
      [open(5), 'another watch with after: 5', 3],
    ] as const
    store.put(web1, 'Running')
    const answers = watches.map(([watch, , from]) => nexts(watch, 6 - from))
    store.put(web1, 'Succeeded')
    const kv = (value: string, revision: number) => keyValue(web1, value, revision < 4 ? 2 : 6, revision)
    const events = [
      putEvent(kv('Pending', 2)),
      putEvent(kv('Running', 3), kv('Pending', 2)),
      deleteEvent(4, kv('Running', 3)),
      putEvent(kv('Pending', 6)),
      putEvent(kv('Running', 7), kv('Pending', 6)),
      putEvent(kv('Succeeded', 8), kv('Running', 7)),
    ]
    for (const [index, [, what, from]] of watches.entries()) {
      await expectEvents(answers[index] ?? [], what, events.slice(from))
    }
  },
)

check('ST-7.2', 'goes on after the replay without a gap and without a repeat', async (subject) => {
  const store = newStore(subject)
  for (const phase of ['a', 'b', 'c']) store.put(web1, phase)
  const watch = store.watch.hold(pods, { after: 2 })
  const unread = store.watch.hold(pods, { after: 2 })
  const answers = [watch.next()]
  store.put(web1, 'd')
  answers.push(watch.next(), watch.next(), watch.next())
  store.put(web1, 'e')
  store.put(web1, 'f')
  answers.push(watch.next(), watch.next())
  const late = nexts(unread, 6)
  store.put(web1, 'g')
  const kv = (value: string, revision: number) => keyValue(web1, value, 2, revision)
  const events = [
    putEvent(kv('b', 3), kv('a', 2)),
    putEvent(kv('c', 4), kv('b', 3)),
    putEvent(kv('d', 5), kv('c', 4)),
    putEvent(kv('e', 6), kv('d', 5)),
    putEvent(kv('f', 7), kv('e', 6)),
    putEvent(kv('g', 8), kv('f', 7)),
  ]
  await expectEvents(answers, 'a watch whose replay is read while writes go on', events)
  await expectEvents(late, 'a watch whose first next() comes after further writes', events)
})

check('ST-7.3', 'hands out nothing up to the revision that it begins after', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  const now = store.watch.hold(pods, { after: 2 }).next()
  const ahead = store.watch.hold(pods, { after: 4 }).next()
  for (const phase of ['c', 'd', 'e']) store.put(web1, phase)
  await expectPending(now, 'next() of a watch with after: 2 at revision 2')
  await expectPending(ahead, 'next() of a watch with after: 4 at revision 2')
  await expectOfEvents([now], 'the watch with after: 2', 'revision', [3])
  await expectOfEvents([ahead], 'the watch with after: 4', 'revision', [5])
})

check('ST-7.4', 'hands out to every watch what a model of it does', async (subject) => {
  const commands = fc.commands([putCommand, deleteCommand, watchCommand, nextCommand, nextCommand], sizes)
  await forAll(subject.seed, commands, (example) => runCommands(subject, example), 8)
})

// ST-8: next() and return()

check('ST-8.1', 'answers several next() in the order in which they were called', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const answers = subject.together(() => nexts(watch, 3))
  for (const phase of ['a', 'b', 'c', 'd', 'e']) store.put(web1, phase)
  answers.push(...subject.together(() => nexts(watch, 3)))
  store.put(web1, 'f')
  await expectOfEvents(answers, 'a watch, called three times at once', 'revision', [2, 3, 4, 5, 6, 7])
})

check('ST-8.2', 'ends a waiting next() with return(), and no other watch', async (subject) => {
  const store = newStore(subject)
  const [before, watch, after] = [store.watch.hold(pods), store.watch.hold(pods), store.watch.hold(pods)]
  const others = [before.next(), after.next()] as const
  const waiting = [watch.next(), watch.next()] as const
  const returned = watch.return()
  store.put(web1, 'Pending')
  const later = watch.next()
  expect(await returned, 'what return() resolved with').toEqual(over)
  await expectNext(waiting[0], 'what a next() that waited resolved with', over)
  await expectNext(waiting[1], 'what a second next() that waited resolved with', over)
  await expectNext(later, 'what next() after return() and a put resolved with', over)
  const event = putEvent(keyValue(web1, 'Pending', 2, 2))
  await expectNext(others[0], 'next() of the watch that was opened before it', event)
  await expectNext(others[1], 'next() of the watch that was opened after it', event)
})

check('ST-8.3', 'hands out nothing after return(), and takes it early and twice', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'a')
  store.put(web1, 'b')
  const begun = store.watch.hold(pods, { after: 1 })
  const unread = store.watch.hold(pods, { after: 1 })
  const first = begun.next()
  const calls = {
    'return() with an event left': begun.return(),
    'next() after it': begun.next(),
    'return() before the first next()': unread.return(),
    'a second return()': unread.return(),
    'next() after both': unread.next(),
  }
  await expectOfEvents([first], 'the watch', 'revision', [2])
  for (const [what, call] of Object.entries(calls)) expect(await call, what).toEqual(over)
})

check('ST-8.4', 'can be read with for await, which ends it when the loop is left', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold(pods)
  const read = subject.room<typeof Fixture>('fixture').call('readRevisions', watch, 2)
  for (const phase of ['Pending', 'Running', 'Failed']) store.put(web1, phase)
  const what = 'the revisions of the first two events, read with for await'
  expect(await expectAnswer(read, what, [2, 3]), what).toEqual([2, 3])
  await expectNext(watch.next(), 'next() after the loop was left', over)
})

// ST-9: compaction and reads

check(
  'ST-9.1',
  'refuses to read below the compacted revision, and reads the rest as before',
  async (subject) => {
    const store = newStore(subject)
    store.put(node1, 'Ready')
    store.put(web2, 'Pending')
    store.delete(web2)
    for (const phase of ['a', 'b', 'c']) store.put(web1, phase)
    const compacted = store.compact(6)
    const refused = [1, 4, 5].flatMap((requested) => [
      [requested, 'get', store.get(web1, { revision: requested })] as const,
      [requested, 'list', store.list('', { revision: requested })] as const,
    ])
    const lists = [
      ['at revision 6', 6, 'b', store.list('', { revision: 6 })],
      ['at revision 7', 7, 'c', store.list('', { revision: 7 })],
      ['without a revision', 7, 'c', store.list('')],
    ] as const
    const get = store.get(node1, { revision: 6 })
    const gone = store.get(web2, { revision: 6 })
    expect(await compacted, 'what compact(6) resolved with').toEqual(undefined)
    for (const [requested, method, call] of refused) {
      const what = `${method} at revision ${requested} after compact(6)`
      await expectRejection(call, what, 'Compacted', { requested, compacted: 6 })
    }
    const node = keyValue(node1, 'Ready', 2, 2)
    for (const [when, revision, value, list] of lists) {
      const items = [node, keyValue(web1, value, 5, revision)]
      expect(await list, `the list ${when}, after compact(6)`).toEqual({ revision, items })
    }
    expect(await get, 'get at revision 6 of a key that was written long before').toEqual(node)
    expect(await gone, 'get at revision 6 of a key that was deleted before').toEqual(undefined)
  },
)

check('ST-9.2', 'refuses to compact to what is gone, or not there yet', async (subject) => {
  const store = newStore(subject)
  const first = store.compact(1)
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const future = store.compact(6)
  const past = store.get(web1, { revision: 2 })
  store.compact(3)
  const lower = store.compact(2)
  const same = store.compact(3)
  const read = store.get(web1, { revision: 3 })
  const higher = store.compact(4)
  const current = store.compact(5)
  const name = 'Compacted'
  await expectRejection(first, 'compact(1) of a new store', name, { requested: 1, compacted: 1 })
  await expectRejection(future, 'compact(6) at revision 5', 'FutureRevision', { requested: 6, current: 5 })
  expect(await past, 'get at revision 2 after it').toEqual(keyValue(web1, 'a', 2, 2))
  await expectRejection(lower, 'compact(2) after compact(3)', name, { requested: 2, compacted: 3 })
  await expectRejection(same, 'a second compact(3)', name, { requested: 3, compacted: 3 })
  expect(await read, 'get at revision 3 after these').toEqual(keyValue(web1, 'b', 2, 3))
  expect(await higher, 'what compact(4) after compact(3) resolved with').toEqual(undefined)
  expect(await current, 'what compact(5) at revision 5 resolved with').toEqual(undefined)
})

check('ST-9.3', 'takes no revision for a compaction, and leaves what is there', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'a')
  store.put(web1, 'b')
  store.compact(3)
  const put = store.put(web1, 'c', { ifRevision: 3 })
  const deletion = store.delete(web1)
  store.compact(5)
  const list = store.list('', { revision: 5 })
  const future = store.list('', { revision: 6 })
  expect(await put, 'put with ifRevision 3 after compact(3)').toEqual(keyValue(web1, 'c', 2, 4))
  expect(await deletion, 'delete after it').toEqual(keyValue(web1, 'c', 2, 4))
  expect(await list, 'the list at revision 5, once all is deleted and compacted').toEqual({
    revision: 5,
    items: [],
  })
  await expectRejection(future, 'list at revision 6', 'FutureRevision', { requested: 6, current: 5 })
})

// ST-10: compaction and watches

check(
  'ST-10.1',
  'says Compacted to a watch that begins too early, and replays from there on',
  async (subject) => {
    const store = newStore(subject)
    store.put(web1, 'a')
    store.put(web2, 'a')
    store.delete(web1)
    store.put(web2, 'b')
    store.compact(4)
    const replays = [3, 4].map((after) => nexts(store.watch.hold(pods, { after }), 5 - after))
    const late = [
      [1, pods, 'a watch'],
      [2, pods, 'a watch'],
      [2, '/registry/jobs/', 'a watch under a prefix that no key has'],
    ] as const
    const calls = late.map(([after, prefix]) => {
      const watch = store.watch.hold(prefix, { after })
      return [watch.next(), watch.next(), watch] as const
    })
    store.put(web1, 'c')
    const third = calls.map(([, , watch]) => watch.next())
    for (const [index, [first, second]] of calls.entries()) {
      const [after, , name] = late[index] ?? late[0]
      const what = `of ${name} with after: ${after}, opened after compact(4)`
      const fields = { requested: after + 1, compacted: 4 }
      await expectRejection(first, `the first next() ${what}`, 'Compacted', fields)
      await expectNext(second, `the second next() ${what}`, over)
      await expectNext(third[index] ?? second, `the third next() ${what}, after a put`, over)
    }
    const deletion = deleteEvent(4, keyValue(web1, 'a', 2, 2))
    const put = putEvent(keyValue(web2, 'b', 3, 5), keyValue(web2, 'a', 3, 3))
    await expectEvents(replays[0] ?? [], 'a watch with after: 3, opened after compact(4)', [deletion, put])
    await expectEvents(replays[1] ?? [], 'a watch with after: 4, opened after compact(4)', [put])
  },
)

check('ST-10.2', 'skips nothing of a watch that is open when it is compacted', async (subject) => {
  const store = newStore(subject)
  const fresh = store.watch.hold(pods, { after: 1 })
  const begun = store.watch.hold(pods, { after: 1 })
  for (const phase of ['a', 'b', 'c', 'd']) store.put(web1, phase)
  const first = begun.next()
  store.compact(5)
  const kv = (value: string, revision: number) => keyValue(web1, value, 2, revision)
  const events = [
    putEvent(kv('a', 2)),
    putEvent(kv('b', 3), kv('a', 2)),
    putEvent(kv('c', 4), kv('b', 3)),
    putEvent(kv('d', 5), kv('c', 4)),
  ]
  const [fromFirst, fromSecond] = [nexts(fresh, 4), nexts(begun, 3)]
  await expectNext(first, 'the first next() of a watch, before compact(5)', events[0] ?? over)
  await expectAllOrCompacted(fromFirst, 'a watch that was open before compact(5)', events)
  await expectAllOrCompacted(fromSecond, 'a watch that was begun before compact(5)', events.slice(1))
})

check('ST-10.3', 'lets a watch go on that had handed out all that there was', async (subject) => {
  const store = newStore(subject)
  const waiting = store.watch.hold(pods)
  const resting = store.watch.hold(pods)
  const idle = store.watch.hold(pods)
  const answers = nexts(waiting, 2)
  const rested = resting.next()
  idle.next()
  store.put(web1, 'a')
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  store.compact(5)
  store.put(web1, 'b')
  const afterRest = resting.next()
  store.compact(6)
  const afterIdle = idle.next()
  const events = [
    putEvent(keyValue(web1, 'a', 2, 2)),
    putEvent(keyValue(web1, 'b', 2, 6), keyValue(web1, 'a', 2, 2)),
  ]
  await expectEvents(answers, 'a watch that was waiting when it was compacted', events)
  await expectEvents([rested, afterRest], 'a watch that had handed out all when it was compacted', events)
  await expectNext(
    afterIdle,
    'a watch that owed the event at the revision that was compacted to',
    events[1] ?? over,
  )
})

check('ST-10.4', 'lets a watch go on under whose prefix nothing was written for long', async (subject) => {
  const store = newStore(subject)
  const early = store.watch.hold(web1)
  for (const state of ['x', 'y', 'z']) store.put(node1, state)
  const late = store.watch.hold(web1, { after: 2 })
  const unread = store.watch.hold(web1, { after: 2 })
  store.compact(4)
  const answers = [
    [early.next(), 'a watch that was opened at revision 1'],
    [late.next(), 'a watch with after: 2 that was opened at revision 4'],
  ] as const
  store.put(web1, 'a')
  const event = putEvent(keyValue(web1, 'a', 5, 5))
  const then = 'where only other keys were written before compact(4)'
  for (const [call, what] of answers) await expectNext(call, `the first next() of ${what}, ${then}`, event)
  await expectNext(
    unread.next(),
    `the first next() of another such watch, called after the put, ${then}`,
    event,
  )
})

// ST-11: copies of what comes in

check('ST-11.1', "keeps a value's state at the time of the put", async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  const watch = store.watch.hold(pods, { after: 1 })
  const pod = hold<unknown>({ status: { phase: 'Pending' }, labels: ['web'] })
  const put = store.put(web1, pod)
  assign(pod, ['status', 'phase'], 'Changed')
  assign(pod, ['labels', 1], 'changed')
  const get = store.get(web1)
  const next = watch.next()
  const again = store.put(web2, pod)
  assign(pod, ['status', 'phase'], 'Changed again')
  store.put(web1, pod)
  const list = store.list('')
  const past = store.get(web1, { revision: 2 })
  const changed = (phase: string) => ({ status: { phase }, labels: ['web', 'changed'] })
  const first = keyValue(web1, { status: { phase: 'Pending' }, labels: ['web'] }, 2, 2)
  const second = keyValue(web2, changed('Changed'), 3, 3)
  const then = 'after the caller changed the object that it had put'
  expect(await put, 'what put resolved with').toEqual(first)
  expect(await get, `get ${then}`).toEqual(first)
  await expectNext(next, `the event ${then}`, putEvent(first))
  expect(await again, 'what put of the same object under another key resolved with').toEqual(second)
  expect((await list).items, 'the items of the list, of an object that was put three times').toEqual([
    keyValue(web1, changed('Changed again'), 2, 4),
    second,
  ])
  expect(await past, `get at revision 2 ${then}`).toEqual(first)
})

// ST-12: copies of what goes out

check('ST-12.1', 'hands out copies from put and delete', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  const put = store.put.hold(web1, { phase: 'Pending' })
  assign(put, ['value', 'phase'], 'Changed')
  assign(put, ['modRevision'], 99)
  const get = store.get(web1)
  const deleted = store.delete.hold(web1)
  assign(deleted, ['value', 'phase'], 'Changed')
  assign(deleted, ['createRevision'], 99)
  const past = store.get(web1, { revision: 2 })
  const replay = nexts(store.watch.hold(pods, { after: 1 }), 2)
  const expected = keyValue(web1, { phase: 'Pending' }, 2, 2)
  expect(await get, 'get after the caller changed what put resolved with').toEqual(expected)
  expect(await past, 'get at revision 2 after the caller changed what delete resolved with').toEqual(expected)
  await expectEvents(replay, 'a watch after the caller changed both', [
    putEvent(expected),
    deleteEvent(3, expected),
  ])
})

check('ST-12.2', 'hands out copies from get and list', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  for (const options of [{}, { revision: 2 }, { revision: 3 }]) {
    const got = store.get.hold(web1, options)
    assign(got, ['value', 'phase'], 'Changed')
    assign(got, ['modRevision'], 99)
    const listed = store.list.hold('', options)
    assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
    assign(listed, ['items', 0, 'createRevision'], 99)
    assign(listed, ['items', 'length'], 0)
  }
  const get = store.get(web1)
  const list = store.list('')
  const past = store.list('', { revision: 2 })
  const next = store.watch.hold('', { after: 1 }).next()
  const first = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const then = 'after the caller changed what get and list resolved with'
  expect(await get, `get ${then}`).toEqual(first)
  expect((await list).items, `the items of the list ${then}`).toEqual([
    first,
    keyValue(web2, { phase: 'Pending' }, 3, 3),
  ])
  expect((await past).items, `the items of the list at revision 2 ${then}`).toEqual([first])
  await expectNext(next, `the first event ${then}`, putEvent(first))
})

check('ST-12.3', 'hands out an event to each watch as a copy of its own', async (subject) => {
  const { assign } = subject
  const store = newStore(subject)
  const [first, second] = [store.watch.hold(pods), store.watch.hold(pods)]
  const waiting = [first.next.hold(), second.next()] as const
  store.put(web1, { phase: 'Pending' })
  const spoil = (next: Handle<Next>) => {
    assign(next, ['value', 'revision'], 99)
    assign(next, ['value', 'kv', 'value', 'phase'], 'Changed')
    assign(next, ['value', 'kv', 'modRevision'], 99)
    assign(next, ['value', 'prevKv', 'value', 'phase'], 'Changed')
  }
  spoil(waiting[0])
  store.put(web1, { phase: 'Running' })
  spoil(first.next.hold())
  store.delete(web1)
  spoil(first.next.hold())
  const rest = nexts(second, 2)
  const replay = nexts(store.watch.hold(pods, { after: 1 }), 3)
  const get = store.get(web1, { revision: 3 })
  const pending = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const running = keyValue(web1, { phase: 'Running' }, 2, 3)
  const events = [putEvent(pending), putEvent(running, pending), deleteEvent(4, running)]
  const then = 'after the caller changed the events of another'
  await expectEvents([waiting[1], ...rest], `a watch ${then}`, events)
  await expectEvents(replay, `a watch that was opened ${then}`, events)
  expect(await get, `get at revision 3 after the caller changed events`).toEqual(running)
})

// ST-13: snapshots

const snapshot = (): Snapshot<unknown> => ({
  revision: 7,
  items: [keyValue(web2, { phase: 'Running' }, 5, 7), keyValue(web1, { phase: 'Pending' }, 3, 3)],
})

check('ST-13.1', 'goes on from the items and the revision of a snapshot', async (subject) => {
  const store = newStore(subject, snapshot())
  const answers = nexts(store.watch.hold(pods), 2)
  const list = store.list('')
  const put = store.put(web1, 'Running', { ifRevision: 3 })
  const deletion = store.delete(web2, { ifRevision: 7 })
  const future = store.get(web1, { revision: 10 })
  const get = store.get(web2, { revision: 8 })
  const at7 = store.list('', { revision: 7 })
  const pending = keyValue(web1, { phase: 'Pending' }, 3, 3)
  const running = keyValue(web2, { phase: 'Running' }, 5, 7)
  const items = [pending, running]
  expect(await list, 'the list of the new store').toEqual({ revision: 7, items })
  expect(await put, 'the first put, of a key of the snapshot').toEqual(keyValue(web1, 'Running', 3, 8))
  expect(await deletion, 'delete of a key of the snapshot').toEqual(running)
  await expectRejection(future, 'get at revision 10', 'FutureRevision', { requested: 10, current: 9 })
  expect(await get, 'get at revision 8 of the deleted key').toEqual(running)
  expect(await at7, 'the list at the revision of the snapshot').toEqual({ revision: 7, items })
  await expectEvents(answers, 'a watch', [
    putEvent(keyValue(web1, 'Running', 3, 8), pending),
    deleteEvent(9, running),
  ])
})

check('ST-13.2', 'knows nothing of the time before its snapshot', async (subject) => {
  const store = newStore(subject, snapshot())
  const calls = {
    'get at revision 6': [6, store.get(web1, { revision: 6 })],
    'list at revision 3': [3, store.list('', { revision: 3 })],
    'compact(7)': [7, store.compact(7)],
    'next() of a watch with after: 2': [3, store.watch.hold(pods, { after: 2 }).next()],
    'next() of a watch with after: 5': [6, store.watch.hold(pods, { after: 5 }).next()],
    'next() of a watch with after: 6': [7, store.watch.hold(pods, { after: 6 }).next()],
  } as const
  const lost = store.watch.hold(pods, { after: 6 })
  lost.next()
  const live = store.watch.hold(pods, { after: 7 })
  const waiting = live.next()
  const put = store.put(`${pods}web-3`, 'Pending')
  const afterLost = lost.next()
  const compacted = store.compact(8)
  const replayed = store.watch.hold(pods, { after: 7 }).next()
  for (const [what, [requested, call]] of Object.entries(calls)) {
    const name = `${what}, in a store of a snapshot at revision 7`
    await expectRejection(call, name, 'Compacted', { requested, compacted: 7 })
  }
  const event = putEvent(await put)
  await expectNext(afterLost, 'the second next() of a watch with after: 6', over)
  await expectNext(waiting, 'next() of a watch with after: 7, after a put', event)
  expect(await compacted, 'what compact(8) resolved with after the put').toEqual(undefined)
  await expectNext(replayed, 'next() of a watch with after: 7, after compact(8)', event)
})

check('ST-13.3', 'starts as a full copy of another store, and shares nothing with it', async (subject) => {
  const { hold, assign } = subject
  const store = newStore(subject)
  store.put(web1, { phase: 'Pending' })
  store.put(web2, { phase: 'Pending' })
  store.delete(web2)
  const listed = hold(await store.list(''))
  const copy = newStore(subject, listed)
  assign(listed, ['items', 0, 'value', 'phase'], 'Changed')
  assign(listed, ['items', 0, 'modRevision'], 99)
  assign(listed, ['items', 'length'], 0)
  assign(listed, ['revision'], 99)
  const list = copy.list('')
  const put = copy.put(web1, { phase: 'Running' }, { ifRevision: 2 })
  const past = copy.get(web1, { revision: 4 })
  const original = store.list('')
  const pending = keyValue(web1, { phase: 'Pending' }, 2, 2)
  const expected = { revision: 4, items: [pending] }
  expect(await list, 'the list of the copy, after the caller changed the snapshot').toEqual(expected)
  expect(await put, 'put in the copy').toEqual(keyValue(web1, { phase: 'Running' }, 2, 5))
  expect(await past, 'get in the copy, at the revision of the snapshot').toEqual(pending)
  expect(await original, 'the list of the first store after a put in the copy').toEqual(expected)
})

/** Looks at the answers of a watch that may have been compacted on the way: it may end so, but not skip. */
async function expectAllOrCompacted(calls: Call<Next>[], what: string, events: Next[]): Promise<void> {
  let compacted = false
  for (const [index, call] of calls.entries()) {
    const name = `${what}, next() number ${index + 1}`
    const answer = await call.settled()
    if (answer.status === 'resolved') {
      expect(answer.value, name).toEqual(compacted ? over : (events[index] ?? over))
    } else if (answer.status === 'rejected' && answer.error.thrown === 'Compacted' && !compacted) {
      compacted = true
    } else {
      const seen = answer.status === 'pending' ? words('it is still waiting') : { error: answer.error.thrown }
      throw new Unmet(name, words('the next event, or Compacted'), seen)
    }
  }
}

// The model: every state that there was, in full, and every event.

interface Model {
  states: Map<string, KeyValue<unknown>>[]
  events: StoreEvent<unknown>[]
}

/** A store, what was asked of it, and what is yet to be compared. */
interface Run {
  store: Store
  watches: { watch: Watch; prefix: string; after: number; name: string; answers: Call<Next>[] }[]
  comparisons: (() => Promise<void>)[]
}

type Command = fc.AsyncCommand<Model, Run>

const command = (name: string, act: (model: Model, run: Run) => void): Command => ({
  check: () => true,
  run: async (model, run) => act(model, run),
  toString: () => name,
})

/** The first state is that of revision 1. */
const revisionOf = (model: Model): number => model.states.length
const latest = (model: Model) => model.states.at(-1) ?? new Map<string, KeyValue<unknown>>()

function putInto(model: Model, key: string, value: unknown): KeyValue<unknown> {
  const revision = revisionOf(model) + 1
  const prevKv = latest(model).get(key)
  const kv = keyValue(key, value, prevKv?.createRevision ?? revision, revision)
  model.states.push(new Map(latest(model)).set(key, kv))
  model.events.push({ type: 'PUT', key, revision, kv, prevKv })
  return kv
}

function deleteFrom(model: Model, key: string): KeyValue<unknown> | undefined {
  const revision = revisionOf(model) + 1
  const prevKv = latest(model).get(key)
  if (!prevKv) return undefined
  const state = new Map(latest(model))
  state.delete(key)
  model.states.push(state)
  model.events.push({ type: 'DELETE', key, revision, prevKv })
  return prevKv
}

const listOf = (model: Model, prefix: string, revision: number): Snapshot<unknown> => ({
  revision,
  items: [...(model.states[revision - 1]?.values() ?? [])]
    .filter((kv) => kv.key.startsWith(prefix))
    .sort((a, b) => (a.key < b.key ? -1 : 1)),
})

const sizes = { maxCommands: 15, size: 'max' } as const
const anyKey = fc.constantFrom('/a', '/a/x', '/ab', '/b')
const anyPrefix = fc.constantFrom('', '/a', '/a/', '/ab', '/c')

const putCommand = anyKey.map((key) =>
  command(`put("${key}")`, (model, { store, comparisons }) => {
    const value = { write: revisionOf(model) + 1 }
    const put = store.put(key, value)
    const expected = putInto(model, key, value)
    comparisons.push(async () => expect(await put, `put("${key}")`).toEqual(expected))
  }),
)

const deleteCommand = anyKey.map((key) =>
  command(`delete("${key}")`, (model, { store, comparisons }) => {
    const deletion = store.delete(key)
    const expected = deleteFrom(model, key)
    comparisons.push(async () => expect(await deletion, `delete("${key}")`).toEqual(expected))
  }),
)

const getAtCommand = fc.tuple(anyKey, fc.nat(99)).map(([key, ago]) =>
  command(`get("${key}", ${ago} % revision ago)`, (model, { store, comparisons }) => {
    const revision = revisionOf(model) - (ago % revisionOf(model))
    const get = store.get(key, { revision })
    const expected = model.states[revision - 1]?.get(key)
    comparisons.push(async () =>
      expect(await get, `get("${key}", { revision: ${revision} })`).toEqual(expected),
    )
  }),
)

const listAtCommand = fc.tuple(anyPrefix, fc.nat(99)).map(([prefix, ago]) =>
  command(`list("${prefix}", ${ago} % revision ago)`, (model, { store, comparisons }) => {
    const revision = revisionOf(model) - (ago % revisionOf(model))
    const list = store.list(prefix, { revision })
    const expected = listOf(model, prefix, revision)
    const what = `list("${prefix}", { revision: ${revision} })`
    comparisons.push(async () => expect(await list, what).toEqual(expected))
  }),
)

const watchCommand = fc.tuple(anyPrefix, fc.nat(99)).map(([prefix, at]) =>
  command(`watch("${prefix}", after ${at} % revision)`, (model, run) => {
    // From 1 on, and now and then up to two revisions into the future.
    const after = 1 + (at % (revisionOf(model) + 2))
    const name = `watch("${prefix}", { after: ${after} }) at revision ${revisionOf(model)}`
    run.watches.push({ watch: run.store.watch.hold(prefix, { after }), prefix, after, name, answers: [] })
  }),
)

const nextCommand = fc.nat(99).map((which) =>
  command(`next() of watch ${which} % watches`, (_, { watches }) => {
    const opened = watches[which % watches.length]
    opened?.answers.push(opened.watch.next())
  }),
)

/** Carries out an example, and compares all its answers with the model's. */
async function runCommands(subject: Subject, commands: Iterable<Command>): Promise<void> {
  const model: Model = { states: [new Map()], events: [] }
  const run: Run = { store: newStore(subject), watches: [], comparisons: [] }
  await fc.asyncModelRun(() => ({ model, real: run }), commands)
  const due = ({ prefix, after }: Run['watches'][number]) =>
    model.events.filter((event) => event.revision > after && event.key.startsWith(prefix))
  for (const opened of run.watches) {
    // Whoever waits gets something to wait for, and one event more tells a repeat from silence.
    do {
      const value = { write: revisionOf(model) + 1 }
      run.store.put(`${opened.prefix}/last`, value)
      putInto(model, `${opened.prefix}/last`, value)
    } while (due(opened).length <= opened.answers.length)
  }
  for (const opened of run.watches) {
    while (opened.answers.length < due(opened).length) opened.answers.push(opened.watch.next())
  }
  for (const compare of run.comparisons) await compare()
  for (const opened of run.watches) {
    const expected = due(opened).map((value): Next => ({ done: false, value }))
    await expectEvents(opened.answers, opened.name, expected)
  }
}
