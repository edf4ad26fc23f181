// ST-5: reading the past.
import type { ReadOptions } from '#kit/store'
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { expectRefusal, newStore, pods, web1, web2 } from './bench.ts'
import { play, reading } from './made-up.ts'
import { Model } from './model.ts'
import {
  type Answer,
  answersTo,
  cameTo,
  expectSame,
  expectStep,
  isList,
  make,
  type Step,
  textOf,
} from './row.ts'

check('ST-5.1', 'reads at a revision what was read when the store was at it', async (subject) => {
  const writes: Step[] = [
    ['put', '/web-2', 'Ready'],
    ['put', '/web-1', 'Pending'],
    ['put', '/Web-3', 'Pending'],
    ['put', '/web-1', 0],
    ['delete', '/web-1'],
    ['put', '/web', ''],
    ['put', '/web-1', null],
    ['put', '/web-2', false],
    ['delete', '/Web-3'],
  ]
  const readsAt = (options: [] | [ReadOptions]): Step[] => [
    ['get', '/web-1', ...options],
    ['get', '/Web-3', ...options],
    ['list', '/', ...options],
  ]
  const steps = [...writes]
  for (const at of [...writes.keys(), writes.length]) steps.push(...readsAt([{ revision: at + 1 }]))
  const seen = await answersTo(subject, newStore(subject), steps)
  const then = `once the store is at ${writes.length + 1}`
  await expectSame(steps, seen, new Model(steps).answers, then, async () => {
    // The same reads, each when the store is at that revision.
    const meanwhile = readsAt([]).concat(...writes.map((write) => [write, ...readsAt([])]))
    const answers = await answersTo(subject, newStore(subject), meanwhile)
    const isWrite = (at: number) => writes.some((write) => write === meanwhile[at])
    return [...seen.slice(0, writes.length), ...answers.filter((_, at) => !isWrite(at))]
  })
})

check('ST-5.2', 'refuses to read a revision that there is not yet', async (subject) => {
  const store = newStore(subject)
  store.put(web1, 'Pending')
  store.put('/registry/last', 'Ready')
  const far = 2 ** 32 + 2
  const calls = {
    'get at revision 4': [4, store.get(web1, { revision: 4 })],
    'get of an absent key at revision 4': [4, store.get(web2, { revision: 4 })],
    'list of all keys at revision 4': [4, store.list('', { revision: 4 })],
    'list of the pods at revision 5': [5, store.list(pods, { revision: 5 })],
    'list of a prefix that no key has at revision 4': [4, store.list('/none', { revision: 4 })],
    [`get at revision ${far}`]: [far, store.get(web1, { revision: far })],
    [`list of all keys at revision ${far}`]: [far, store.list('', { revision: far })],
  } as const
  store.put(web1, 'Running')
  const later = store.get(web1, { revision: 4 })
  for (const [what, [requested, call]] of Object.entries(calls)) {
    const name = `${what}, when the store is at 3`
    await expectRejection(call, name, 'FutureRevision', { requested, current: 3 })
  }
  expect((await later)?.value, 'the value at revision 4 once it has been written').toEqual('Running')
  const then = 'at a revision that there is not yet'
  await expectRefusal(subject, store, 'get', [web1, { revision: 5 }], `get ${then}`, 'FutureRevision')
  await expectRefusal(subject, store, 'list', ['', { revision: 5 }], `list ${then}`, 'FutureRevision')
})

check('ST-5.3', 'reads at every revision what a model of it holds', async (subject) => {
  await forAll(
    subject.seed,
    reading,
    async (commands) => {
      const { steps, answers } = play(commands)
      const seen = await answersTo(subject, newStore(subject), steps)
      for (const [at, [method]] of steps.entries()) {
        if (method !== 'get' && method !== 'list') continue
        const [value, expected] = [valuesOf(seen[at]), valuesOf(answers[at])]
        expectStep(steps, at, () => expect(value, textOf(steps, at)).toEqual(expected))
      }
    },
    5,
  )
})

check('ST-5.4', 'reads the past however much was written since', async (subject) => {
  const store = newStore(subject)
  make(
    subject,
    store,
    Array.from({ length: 12 }, (_, index): Step => ['put', web1, index]),
  )
  const first = store.get(web1, { revision: 2 })
  const list = store.list('', { revision: 3 })
  expect((await first)?.value, 'the value at revision 2 of a key that was put 12 times').toEqual(0)
  const values = (await list).items.map(({ value }) => value)
  expect(values, 'the values in the list at revision 3 of a key that was put 12 times').toEqual([1])
})

/** The values of a read: which revisions they have, and in which order they come, is asked elsewhere. */
function valuesOf(answer: Answer | undefined): unknown {
  const seen = cameTo(answer)
  if (!isList(seen)) return isObject(seen) && 'modRevision' in seen ? { value: seen.value } : seen
  const values = seen.items.map((item) => [item?.key, item?.value])
  return { revision: seen.revision, values: values.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) }
}

const isObject = (seen: unknown): seen is Record<string, unknown> => typeof seen === 'object' && seen !== null
