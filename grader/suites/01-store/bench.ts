// What every check of the store stands on: a store, what is put there, and what a watch of it says.
import type { KeyValue, Snapshot, StoreEvent } from '#kit/store'
import type * as StoreRoom from '#rooms/store'
import { expect, expectAnswer, Unmet } from '../../src/runner/expect.ts'
import { words } from '../../src/runner/words.ts'
import type { Call, Handle, Remote, Subject } from '../../src/subject/subject.ts'
import type * as Fixture from './refusals.fixture.ts'

/** The room, of any values. */
export type Store = Remote<StoreRoom.Store<unknown>>
/** A watch that was opened. */
export type Watch = ReturnType<Store['watch']['hold']>
/** What `next()` of a watch resolves with. */
export type Next = IteratorResult<StoreEvent<unknown>, undefined>

/** A store, empty or of a snapshot. */
export const newStore = (
  { room }: Pick<Subject, 'room'>,
  ...snapshot: [] | [Snapshot<unknown> | Handle<Snapshot<unknown>>]
): Store => room<typeof StoreRoom>('store').construct('Store', ...snapshot)

/** A prefix and the keys that most checks write: two under it, one that is not. */
export const pods = '/registry/pods/default/'
export const web1 = `${pods}web-1`
export const web2 = `${pods}web-2`
export const node1 = '/registry/nodes/node-1'

/** A key as the store resolves with it. */
export const keyValue = (
  key: string,
  value: unknown,
  createRevision: number,
  modRevision: number,
): KeyValue<unknown> => ({ key, value, createRevision, modRevision })

/** The event of a put that made `kv` of `prevKv`. */
export const putEvent = (kv: KeyValue<unknown>, prevKv?: KeyValue<unknown>): Next => ({
  done: false,
  value: { type: 'PUT', key: kv.key, revision: kv.modRevision, kv, prevKv },
})

/** The event of a delete of `prevKv`. */
export const deleteEvent = (revision: number, prevKv: KeyValue<unknown>): Next => ({
  done: false,
  value: { type: 'DELETE', key: prevKv.key, revision, prevKv },
})

/** What `next()` of a watch that has ended resolves with. */
export const over: Next = { done: true, value: undefined }

/** Looks at one answer of a watch. */
export async function expectNext(call: Call<Next>, what: string, expected: Next): Promise<void> {
  const answer = await call.settled()
  if (answer.status === 'rejected' && answer.error.thrown === 'Compacted') {
    throw new Unmet(what, expected, { error: 'Compacted', ...answer.error.fields })
  }
  const seen = await expectAnswer(call, what, expected)
  if (seen.done === false && expected.done === false) expectEvent(seen.value, what, expected.value)
  expect(seen, what).toEqual(expected)
}

/** Looks at an event: which one it is, and then each key in it. Where they differ, nothing else is shown. */
function expectEvent(seen: StoreEvent<unknown>, what: string, expected: StoreEvent<unknown>): void {
  const { kv, prevKv, ...event } = { kv: undefined, ...seen }
  const { kv: expectedKv, prevKv: expectedPrevKv, ...expectedEvent } = { kv: undefined, ...expected }
  expect<object>(event, what).toEqual(expectedEvent)
  expect<unknown>(kv, `${what}, its kv`).toEqual(expectedKv)
  expect<unknown>(prevKv, `${what}, its prevKv`).toEqual(expectedPrevKv)
}

/** Looks at a list: its revision, which keys it has, and then each of them. Where they differ, nothing else is shown. */
export function expectList(seen: Snapshot<unknown>, what: string, expected: Snapshot<unknown>): void {
  if (Array.isArray(seen?.items)) {
    expect(seen.revision, `the revision of ${what}`).toEqual(expected.revision)
    expectItems(seen.items, what, expected.items)
  }
  expect(seen, what).toEqual(expected)
}

/** Looks at the items of a list alone. */
export function expectItems(
  seen: readonly KeyValue<unknown>[],
  what: string,
  expected: readonly KeyValue<unknown>[],
): void {
  if (Array.isArray(seen)) {
    const keys = seen.map((kv) => kv?.key)
    expect(keys, `the keys in ${what}`).toEqual(expected.map(({ key }) => key))
    for (const [index, kv] of expected.entries()) expect(seen[index], `${kv.key} in ${what}`).toEqual(kv)
  }
  expect(seen, `the items of ${what}`).toEqual(expected)
}

/** Looks at what a call that must be refused returns: a promise, which rejects with the error of the kit. */
export async function expectRefusal(
  { room }: Pick<Subject, 'room'>,
  of: Store,
  method: string,
  args: unknown[],
  what: string,
  name: 'RevisionConflict' | 'Compacted' | 'FutureRevision',
): Promise<void> {
  const returned = room<typeof Fixture>('fixture/refusals').call('refusal', of, method, args)
  expectRefused(await returned, what, name)
}

/** Looks at what the fixture says of a call that must be refused. */
export function expectRefused(
  returned: string,
  what: string,
  name: 'RevisionConflict' | 'Compacted' | 'FutureRevision',
): void {
  const expected = words(`a promise that rejects with the ${name} of #kit/store`)
  expect(words(returned), `what ${what} returns`).toEqual(expected)
}

/** Looks at each answer of a watch, in the order of the calls. */
export async function expectEvents(calls: Call<Next>[], what: string, expected: Next[]): Promise<void> {
  for (const [index, call] of calls.entries()) {
    await expectNext(call, `${what}, next() number ${index + 1}`, expected[index] ?? over)
  }
}

/** The same, of one property of the events. */
export async function expectOfEvents(
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

/** Calls `next()` so many times, and waits for none of them. */
export const nexts = (watch: Watch, count: number): Call<Next>[] =>
  Array.from({ length: count }, () => watch.next())
