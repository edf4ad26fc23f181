// ST-11 and ST-12: copies.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { keyValue, newStore, putEvent, web1, web2 } from './bench.ts'
import { Model } from './model.ts'
import { alike, answersTo, type Changes, cameTo, expectSame, type Step, textOf } from './row.ts'

const pod = (phase: string) => ({ metadata: {}, labels: ['web', { tier: ['front'] }], status: { phase } })

/** Every way to write, to read and to be told, of values that have something deep inside. */
const everyWay = (): Step[] => [
  ...[1, 2].map((): Step => ['watch', '']),
  ...[1, 2, 1, 2].map((watch): Step => ['next', watch]),
  ['put', '/a', pod('Pending')],
  ['put', '/a', pod('Running'), { ifRevision: 2 }],
  ['put', '/b', pod('Pending'), { ifRevision: 0 }],
  ['put', '/c', [{ phase: 'Pending' }, 'c']],
  ...[1, 2].flatMap((): Step[] => [
    ['get', '/a'],
    ['get', '/a', { revision: 2 }],
    ['list', ''],
    ['list', '', { revision: 4 }],
    ['list', '/none'],
  ]),
  ['delete', '/b', { ifRevision: 4 }],
  ['delete', '/c'],
  ['put', '/a', pod('Failed')],
  ...[1, 2].map((): Step => ['watch', '', { after: 1 }]),
  ...[3, 4].flatMap((watch) => Array.from({ length: 3 }, (): Step => ['next', watch])),
  ...[1, 2].flatMap((watch) => Array.from({ length: 5 }, (): Step => ['next', watch])),
  ['list', ''],
  ['list', '', { revision: 5 }],
]

// ST-11: copies of what comes in

check('ST-11.1', 'copies a value at the moment of the put', async (subject) => {
  const steps = everyWay()
  const seen = await answersTo(subject, newStore(subject), steps, 'values')
  const then =
    'where the caller changes the object that it puts as soon as it has called put, and where it does not'
  await expectSame(steps, seen, new Model(steps).answers, then, () =>
    answersTo(subject, newStore(subject), steps),
  )
})

check('ST-11.2', 'leaves a value as it is, and asks each time what it is by then', async (subject) => {
  const { hold, assign, read } = subject
  const store = newStore(subject)
  const puts = everyWay().filter(([method]) => method === 'put' || method === 'delete')
  const given = hold(puts)
  answersTo(subject, store, given)
  const left = read(given)
  const other = newStore(subject)
  const object = hold<unknown>(pod('Pending'))
  other.put(web1, object)
  other.put(web2, object)
  assign(object, ['status', 'phase'], 'Changed')
  assign(object, ['labels', 1], 'changed')
  assign(object, ['node'], 'node-1')
  const changed = read(object)
  const first = other.get(web2)
  other.put(web2, object)
  const again = other.get(web2)
  for (const [at, step] of (await left).entries()) {
    expect(step, `what was passed to ${step[0]}, after the call`).toEqual(puts[at] ?? step)
  }
  const expected = { metadata: {}, labels: ['web', 'changed'], status: { phase: 'Changed' }, node: 'node-1' }
  const then = 'after the caller changed the object that it had put'
  expect(await changed, `that object, ${then}`).toEqual(expected)
  expect((await first)?.value, `the value of a key, ${then} there and under another key`).toEqual(
    pod('Pending'),
  )
  expect((await again)?.value, `the value of the key, ${then}, and put it once more`).toEqual(expected)
})

// ST-12: copies of what goes out

check('ST-12.1', 'hands out copies, and to each watch one of its own', async (subject) => {
  const steps = everyWay()
  const answers = (...changes: [] | [Changes]) => answersTo(subject, newStore(subject), steps, ...changes)
  const { answers: foretold } = new Model(steps)
  const given = subject.hold(steps)
  const all = await answersTo(subject, newStore(subject), given, 'answers')
  for (const [at, step] of (await subject.read(given)).entries()) {
    const what = `what was passed to ${step[0]}, where the caller changes all that it is handed`
    expect(step, what).toEqual(steps[at] ?? step)
  }
  if (steps.every((_, at) => alike(all[at], foretold[at]))) return
  const expected = await answers()
  const first = steps.findIndex(([method]) => method === 'get')
  const kv = cameTo(expected[first])
  expect(kv, `${textOf(steps, first)}, before the caller changes anything`).toEqual(cameTo(foretold[first]))
  for (const method of ['put', 'delete', 'get', 'list', 'next'] as const) {
    const then = `where the caller changes all that ${method} resolves with, and where it does not`
    await expectSame(steps, await answers(method), expected, then, async () => expected)
  }
  const then = 'where the caller changes all that it is handed, and where it does not'
  await expectSame(steps, all, expected, then, async () => expected)
})

check('ST-12.2', 'hands out copies to who calls now and then', async (subject) => {
  const store = newStore(subject)
  const watch = store.watch.hold('')
  // First ten keys that are of no interest, and events of theirs.
  for (let at = 0; at < 10; at++) store.put(`/${at}`, pod('Pending'))
  for (let at = 0; at < 10; at++) watch.next()
  const handedOut = [
    ['put', store.put.hold('/a', pod('Pending')), ['value']],
    ['get', store.get.hold('/a'), ['value']],
    ['list', store.list.hold('/a'), ['items', 0, 'value']],
    ['next', watch.next.hold(), ['value', 'kv', 'value']],
  ] as const
  const seen = handedOut.map(([method, answer, path]) => {
    subject.assign(answer, [...path, 'status', 'phase'], 'Changed')
    return [method, store.get('/a'), store.list('/a'), store.watch.hold('', { after: 11 }).next()] as const
  })
  const kv = keyValue('/a', pod('Pending'), 12, 12)
  for (const [method, get, list, next] of seen) {
    const then = `after the caller changed the value that ${method} had resolved with`
    expect(await get, `get("/a") ${then}`).toEqual(kv)
    expect((await list).items, `the items of list("/a") ${then}`).toEqual([kv])
    expect(await next, `the next event of a watch from the past ${then}`).toEqual(putEvent(kv))
  }
})
