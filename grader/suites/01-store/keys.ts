// ST-1 to ST-3: keys, written, read and deleted.
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { expectItems, expectList, keyValue, newStore, node1, pods, web1, web2 } from './bench.ts'
import { make, type Step } from './row.ts'

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
    const atOnce = subject.together(() => ['a', 'b'].map((phase) => store.put(web2, phase)))
    expect(await first, 'what the first put resolved with').toEqual(
      keyValue(web1, { phase: 'Pending' }, 2, 2),
    )
    expect(await second, 'what the second put of web-1 resolved with, after one of web-2').toEqual(
      keyValue(web1, 'Running', 2, 4),
    )
    expect(await third, 'what the third put of web-1 resolved with').toEqual(
      keyValue(web1, 'Succeeded', 2, 5),
    )
    for (const [index, put] of puts.entries()) {
      expect((await put).modRevision, `the modRevision of put number ${index + 5}`).toEqual(index + 6)
    }
    const both = await Promise.all(atOnce)
    const together = 'two puts of one key, which were called at once,'
    expect(
      both.map(({ value }) => value),
      `the values that ${together} resolved with`,
    ).toEqual(['a', 'b'])
    expect(
      both.map(({ modRevision }) => modRevision).sort((a, b) => a - b),
      `the modRevisions that ${together} resolved with`,
    ).toEqual([8, 9])
    expect(
      (await other).modRevision,
      'the modRevision of the first put in a second store, after six puts in the first',
    ).toEqual(2)
  },
)

check('ST-1.2', 'takes a revision for a put of the value that is there already', async (subject) => {
  const store = newStore(subject)
  store.put(web1, { phase: 'Running' })
  const same = store.put(web1, { phase: 'Running' })
  const other = store.put(web2, 1)
  const values = [1, null, 0, '', false, 1]
  const falsy = values.slice(1).map((value) => store.put(web2, value))
  expect(await same, 'what the second put of the same value resolved with').toEqual(
    keyValue(web1, { phase: 'Running' }, 2, 3),
  )
  expect((await other).modRevision, 'the modRevision of the put after these two').toEqual(4)
  for (const [index, put] of falsy.entries()) {
    const what = `the createRevision that a put over the value ${JSON.stringify(values[index])} resolved with`
    expect((await put).createRevision, what).toEqual(4)
  }
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
  const running = keyValue(web1, { phase: 'Running', ip: '10.0.0.7' }, 2, 3)
  expectList(await empty, 'the list of a new store', { revision: 1, items: [] })
  expect(await got, 'what get of web-1 resolved with, after two puts of it').toEqual(running)
  expect(await absent, 'what get of a key that was never put resolved with').toEqual(undefined)
  expectList(await some, 'the list of all pods, after three puts of pods and one of a node', {
    revision: 5,
    items: [running, keyValue(web2, 'Pending', 4, 4)],
  })
  expectList(await none, 'the list of a prefix that no key has, after three more reads', {
    revision: 5,
    items: [],
  })
})

check('ST-2.2', 'lists what begins with the prefix, ascending as < compares strings', async (subject) => {
  const store = newStore(subject)
  const sibling = ['/pods/ab/x', '/pods/ab', '/pods/a', '/pods/a/x', '/pod', '/x/pods/a', '/pods/a.b']
  sibling.push('/pods/aü', '/pods/a\uffff', '/Pods/a')
  const unordered = [
    '/b',
    '/web-2',
    '/é',
    '/B',
    '/web-10',
    '/_',
    '/10',
    '/9',
    '/a',
    '/a-b',
    '/ab',
    '/a/b',
    '/\u{ff5e}',
    '/\u{1f433}',
  ]
  const nodes = Array.from({ length: 78 }, (_, index) => `/nodes/node-${index + 1}`)
  const keys = [...sibling, ...unordered, ...nodes]
  make(
    subject,
    store,
    keys.map((key): Step => ['put', key, 0]),
  )
  const prefixes = ['/pods/a', '/pods/a/', '/pods/a.', '/pods/ab/x', '/pods/abc', '/nodes/', '']
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
    ['', 'of the empty key'],
    ['/ünïcode/☃', [null, { deep: [1, 2, { deeper: null }] }]],
    ['e\u0301', 'of an e and an accent'],
    ['\u00e9', 'of an é'],
    ['\ud83d', 'of half a character'],
    ['\udc33', 'of the other half'],
    ['a', 'of a'],
    ['a/', 'of a/'],
    [' a ', JSON.parse('{ "__proto__": { "a": null } }')],
  ]
  const before = pairs.slice(0, 4).map(([key]) => store.get(key))
  for (const [key, value] of pairs) store.put(key, value)
  const after = pairs.map(([key]) => store.get(key))
  const list = store.list('')
  const expected = pairs.map(([key, value], index) => keyValue(key, value, index + 2, index + 2))
  for (const [index, [key, value]] of pairs.entries()) {
    if (before[index]) expect(await before[index], `get("${key}") of a new store`).toEqual(undefined)
    const what = `get("${key}") after ${JSON.stringify(value)} was put there`
    expect(await after[index], what).toEqual(expected[index])
  }
  expectItems(
    (await list).items,
    'list("")',
    expected.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  )
})

check('ST-2.4', 'lists all keys as of the one revision that it says', async (subject) => {
  const store = newStore(subject)
  store.put('/1', 'Pending')
  const [first] = subject.together(() => [store.list(''), store.put('/2', 'Pending')] as const)
  const [, second] = subject.together(() => [store.put('/3', 'Pending'), store.list('')] as const)
  for (const [list, when] of [
    [first, 'before'],
    [second, 'after'],
  ] as const) {
    const { revision, items } = await list
    const what = `the keys in a list that was called at once with a put, ${when} it, and says revision ${revision}`
    expect(
      items.map(({ key }) => key),
      what,
    ).toEqual(['/1', '/2', '/3'].slice(0, revision - 1))
  }
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
    const put = store.put(web1, 'Pending')
    const again = store.put(web1, 'Running')
    store.delete(web2)
    const got = store.get(web2)
    const list = store.list(pods)
    expect(await deletion, 'what delete resolved with').toEqual(keyValue(web1, 'Running', 2, 3))
    expect(await put, 'what put of the deleted key resolved with').toEqual(keyValue(web1, 'Pending', 6, 6))
    expect(await again, 'what the second put of the deleted key resolved with').toEqual(
      keyValue(web1, 'Running', 6, 7),
    )
    expect((await got)?.value, 'the value that get of a deleted key resolved with').toEqual(undefined)
    expect(
      (await list).items.map((kv) => kv.key),
      'the keys in the list after both pods were deleted, and web-1 was put again',
    ).toEqual([web1])
  },
)

check('ST-3.2', 'does nothing when the key to delete is not there', async (subject) => {
  const store = newStore(subject)
  store.put(`${web1}/`, 'Pending')
  const never = store.delete(web1)
  store.put(web1, 'Pending')
  store.delete(web1)
  const again = store.delete(web1)
  store.put(web2, 'Pending')
  const list = store.list(pods)
  expect(await never, 'what delete of a key that was never put resolved with').toEqual(undefined)
  expect(await again, 'what a second delete of a key resolved with').toEqual(undefined)
  const { revision, items } = await list
  const then = 'after two puts, a delete, two deletes of nothing, and a put'
  expect(revision, `the revision of the list ${then}`).toEqual(5)
  expect(
    items.map(({ key }) => key),
    `the keys in the list ${then}`,
  ).toEqual([`${web1}/`, web2])
})

check('ST-3.3', 'deletes that key alone, whatever its value', async (subject) => {
  const store = newStore(subject)
  const all = [null, 0, '', false, 'Pending'].map((value, index) =>
    keyValue(`/pods/web${'-1'.repeat(index)}`, value, index + 2, index + 2),
  )
  for (const { key, value } of all) store.put(key, value)
  const deletions = all.map((kv) => [kv, store.delete(kv.key), store.delete(kv.key)] as const)
  for (const [kv, deletion, second] of deletions) {
    const what = `delete("${kv.key}"), whose value is ${JSON.stringify(kv.value)}`
    expect(await deletion, `what ${what}, resolved with`).toEqual(kv)
    expect(await second, `what a second ${what}, resolved with`).toEqual(undefined)
  }
})
