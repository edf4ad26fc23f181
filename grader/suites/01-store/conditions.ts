// ST-4: writes with a condition.
import { check } from '../../src/runner/check.ts'
import { expect, expectRejection } from '../../src/runner/expect.ts'
import type { Call } from '../../src/subject/subject.ts'
import { expectRefusal, newStore, node1, web1, web2 } from './bench.ts'
import { Model } from './model.ts'
import { answersTo, cameTo, expectSame, expectStep, type Step, textOf } from './row.ts'

check(
  'ST-4.1',
  'does all that a write does when the key is at the revision that is asked for',
  async (subject) => {
    const conditional: Step[] = [
      ['watch', ''],
      ['next', 1],
      ['put', '/a', 'Pending', { ifRevision: 0 }],
      ['put', '/b', null, { ifRevision: 0 }],
      ['put', '/a', 'Running', { ifRevision: 2 }],
      ['put', '/b', 0, { ifRevision: 3 }],
      ['put', '/b', '', { ifRevision: 5 }],
      ['put', '/b', false, { ifRevision: 6 }],
      ['put', '/b', 'Ready', { ifRevision: 7 }],
      ['delete', '/a', { ifRevision: 4 }],
      ['delete', '/a', { ifRevision: 0 }],
      ['put', '/a', 'Pending', { ifRevision: 0 }],
      ['put', '/a', 'Running', { ifRevision: 10 }],
      ['delete', '/a', { ifRevision: 11 }],
      ['put', '/b', 'Ready', { ifRevision: 8 }],
      ...Array.from({ length: 11 }, (): Step => ['next', 1]),
      ['get', '/a'],
      ['list', ''],
      ['list', '', { revision: 5 }],
      ['list', '', { revision: 12 }],
    ]
    const seen = await answersTo(subject, newStore(subject), conditional)
    const then = 'where writes have conditions that hold, and the same without conditions'
    await expectSame(conditional, seen, new Model(conditional).answers, then, () =>
      answersTo(subject, newStore(subject), conditional.map(withoutCondition)),
    )
  },
)

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
      store.put(key, 'Running', { ifRevision: expected }),
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
  const condition = { ifRevision: 6 }
  const then = 'with an ifRevision that does not hold'
  await expectRefusal(subject, store, 'put', [web1, 'x', condition], `put ${then}`, 'RevisionConflict')
  await expectRefusal(subject, store, 'delete', [web1, condition], `delete ${then}`, 'RevisionConflict')
})

check('ST-4.3', 'creates with ifRevision 0 only where there is no such key', async (subject) => {
  const store = newStore(subject)
  const first = store.put(web1, 'Pending', { ifRevision: 0 })
  const second = store.put(web1, 'Pending', { ifRevision: 0 })
  const deletion = store.delete(web1, { ifRevision: 0 })
  store.delete(web1)
  const anew = store.put(web1, 'Running', { ifRevision: 0 })
  const get = store.get(web1)
  const fields = { key: web1, expected: 0, current: 2 }
  await first
  await expectRejection(second, 'put with ifRevision 0 of a key that is there', 'RevisionConflict', fields)
  await expectRejection(
    deletion,
    'delete with ifRevision 0 of a key that is there',
    'RevisionConflict',
    fields,
  )
  await anew
  expect((await get)?.value, 'the value of a deleted key that was put with ifRevision 0').toEqual('Running')
})

check('ST-4.4', 'changes nothing by a write that it refuses', async (subject) => {
  const steps: Step[] = [
    ['watch', ''],
    ['next', 1],
    ['put', '/a', { phase: 'Pending' }],
    ['next', 1],
    ['put', '/a', { phase: 'Failed' }, { ifRevision: 7 }],
    ['put', '/a', { phase: 'Failed' }, { ifRevision: 0 }],
    ['delete', '/a', { ifRevision: 7 }],
    ['put', '/b', { phase: 'Failed' }, { ifRevision: 7 }],
    ['delete', '/b', { ifRevision: 7 }],
    ['get', '/b'],
    ['list', ''],
    ['put', '/a', { phase: 'Running' }],
    ['put', '/a', { phase: 'Failed' }, { ifRevision: 2 }],
    ['delete', '/a', { ifRevision: 2 }],
    ['get', '/a'],
    ['delete', '/a'],
    ['put', '/a', { phase: 'Failed' }, { ifRevision: 3 }],
    ['delete', '/a', { ifRevision: 3 }],
    ['delete', '/a', { ifRevision: 0 }],
    ['delete', '/b', { ifRevision: 0 }],
    ['list', ''],
    ['put', '/a', { phase: 'Pending' }],
    ['next', 1],
    ['next', 1],
    ['list', '', { revision: 3 }],
  ]
  const seen = await answersTo(subject, newStore(subject), steps)
  for (const [at, step] of steps.entries()) {
    if (step[0] !== 'delete' || step[2]?.ifRevision !== 0) continue
    const what = `${textOf(steps, at)} of a key that is not there`
    expectStep(steps, at, () => expect(cameTo(seen[at]), what).toEqual(undefined))
  }
  const then = 'with writes that are refused in between, and the same without these'
  await expectSame(steps, seen, new Model(steps).answers, then, async () => {
    const isPlain = (step: Step) => withoutCondition(step) === step
    const answers = await answersTo(subject, newStore(subject), steps.filter(isPlain))
    return steps.map((step, at) =>
      isPlain(step) ? answers[steps.slice(0, at).filter(isPlain).length] : seen[at],
    )
  })
})

check(
  'ST-4.5',
  'lets one of two writers win where both ask for the same revision at once',
  async (subject) => {
    const store = newStore(subject)
    const creations = subject.together(
      () =>
        [
          store.put(web1, 'of one', { ifRevision: 0 }),
          store.put(web1, 'of the other', { ifRevision: 0 }),
        ] as const,
    )
    await expectOneToWin(creations, 'two puts of a new key, both with ifRevision 0')
    const [one, other] = creations
    const winner = (await one.settled()).status === 'resolved' ? 'of one' : 'of the other'
    const loser = winner === 'of one' ? other : one
    await expectRejection(loser, 'the put that came second', 'RevisionConflict', { key: web1, current: 2 })

    const second = newStore(subject)
    second.put(web2, 'Pending')
    const putFirst = subject.together(() => [
      second.put(web2, 'Running', { ifRevision: 2 }),
      second.delete(web2, { ifRevision: 2 }),
    ])
    await expectOneToWin(putFirst, 'a put and a delete, both with ifRevision 2')

    const third = newStore(subject)
    third.put(node1, 'Ready')
    const deleteFirst = subject.together(() => [
      third.delete(node1, { ifRevision: 2 }),
      third.put(node1, 'Unknown', { ifRevision: 2 }),
    ])
    await expectOneToWin(deleteFirst, 'a delete and a put, both with ifRevision 2')
    const what = 'the value of the key after two puts that were called at once'
    expect((await store.get(web1))?.value, what).toEqual(winner)
  },
)

/** The write, of whatever revision the key is at. */
function withoutCondition(step: Step): Step {
  if (step[0] === 'put' && step[3]) return ['put', step[1], step[2]]
  return step[0] === 'delete' && step[2] ? ['delete', step[1]] : step
}

/** Looks at two writes that were called at once. */
async function expectOneToWin(writes: readonly Call<unknown>[], what: string): Promise<void> {
  const seen = await Promise.all(writes.map((write) => write.settled()))
  expect(seen.map(({ status }) => status).sort(), `how ${what} ended, which were called at once`).toEqual([
    'rejected',
    'resolved',
  ])
}
