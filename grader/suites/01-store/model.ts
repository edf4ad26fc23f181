// A model of the store, and what is asked of both: ST-5.3 and ST-7.4 hold the room against it.
import fc from 'fast-check'
import type { KeyValue, Snapshot, StoreEvent } from '#kit/store'
import { expect } from '../../src/runner/expect.ts'
import type { Call, Subject } from '../../src/subject/subject.ts'
import { expectOfEvents, keyValue, type Next, newStore, type Store, type Watch } from './bench.ts'

/** Every state that there was, in full, and every event. */
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

/** @param act answers with what it called */
function command(act: (model: Model, run: Run) => string): Command {
  let called = ''
  return {
    check: () => true,
    run: async (model, run) => {
      called = act(model, run)
    },
    toString: () => called,
  }
}

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

/** What is there, in an order of its own: which one a list has is ST-2's question. */
const valuesOf = (items: readonly KeyValue<unknown>[]) =>
  items.map(({ key, value }) => [key, value]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))

/** The writes that a watch hands out up to now. */
const due = ({ events }: Model, { prefix, after }: Run['watches'][number]) =>
  events.filter(({ revision, key }) => revision > after && key.startsWith(prefix))

/** How long the examples are. */
export const sizes = { maxCommands: 15, size: 'max', disableReplayLog: true } as const
const anyKey = fc.constantFrom('/a', '/a/x', '/ab', '/b')
const somePrefixes = ['/a', '/a/', '/ab', '/c']
const somePrefix = fc.constantFrom(...somePrefixes)
const anyPrefix = fc.constantFrom('', ...somePrefixes)

/** Puts a value that was never put before: it says which write that was. */
export const putCommand = anyKey.map((key) =>
  command((model, { store }) => {
    const value = { write: revisionOf(model) + 1 }
    store.put(key, value)
    putInto(model, key, value)
    return `put("${key}")`
  }),
)

/** Deletes a key that is there. */
export const deleteCommand = anyKey.map((key) =>
  command((model, { store }) => {
    if (!deleteFrom(model, key)) return 'nothing'
    store.delete(key)
    return `delete("${key}")`
  }),
)

/** Reads a key at a revision that there was. */
export const getAtCommand = fc.tuple(anyKey, fc.nat(99)).map(([key, ago]) =>
  command((model, { store, comparisons }) => {
    const revision = revisionOf(model) - (ago % revisionOf(model))
    const get = store.get(key, { revision })
    const expected = model.states[revision - 1]?.get(key)
    const called = `get("${key}", { revision: ${revision} })`
    comparisons.push(async () =>
      expect((await get)?.value, `the value of ${called}`).toEqual(expected?.value),
    )
    return called
  }),
)

/** Lists at a revision that there was. */
export const listAtCommand = fc.tuple(somePrefix, fc.nat(99)).map(([prefix, ago]) =>
  command((model, { store, comparisons }) => {
    const revision = revisionOf(model) - (ago % revisionOf(model))
    const list = store.list(prefix, { revision })
    const expected = listOf(model, prefix, revision)
    const called = `list("${prefix}", { revision: ${revision} })`
    comparisons.push(async () => {
      const { revision, items } = await list
      expect(revision, `the revision of ${called}`).toEqual(expected.revision)
      expect(valuesOf(items), `the keys and values of ${called}`).toEqual(valuesOf(expected.items))
    })
    return called
  }),
)

/** Opens a watch. */
export const watchCommand = fc.tuple(anyPrefix, fc.nat(99)).map(([prefix, at]) =>
  command((model, run) => {
    // From 1 on, and now and then up to two revisions into the future.
    const after = 1 + (at % (revisionOf(model) + 2))
    const called = `watch("${prefix}", { after: ${after} })`
    const name = `${called}, opened at revision ${revisionOf(model)} and read up to a put of "${prefix}/last"`
    run.watches.push({ watch: run.store.watch.hold(prefix, { after }), prefix, after, name, answers: [] })
    return called
  }),
)

/** Calls `next()` of a watch that was opened, if one was and no `next()` of it waits. */
export const nextCommand = fc.nat(99).map((which) =>
  command((model, { watches }) => {
    const nth = which % watches.length
    const opened = watches[nth]
    if (!opened || opened.answers.length > due(model, opened).length) return 'nothing'
    opened.answers.push(opened.watch.next())
    return `next() of watch ${nth + 1}`
  }),
)

/** Carries out an example, and compares all its answers with the model's. */
export async function runCommands(subject: Subject, commands: Iterable<Command>): Promise<void> {
  const model: Model = { states: [new Map()], events: [] }
  const run: Run = { store: newStore(subject), watches: [], comparisons: [] }
  await fc.asyncModelRun(() => ({ model, real: run }), commands)
  for (const opened of run.watches) {
    // Whoever waits gets something to wait for, and one event more tells a repeat from silence.
    do {
      const value = { write: revisionOf(model) + 1 }
      run.store.put(`${opened.prefix}/last`, value)
      putInto(model, `${opened.prefix}/last`, value)
    } while (due(model, opened).length <= opened.answers.length)
  }
  for (const opened of run.watches) {
    while (opened.answers.length < due(model, opened).length) opened.answers.push(opened.watch.next())
  }
  for (const compare of run.comparisons) await compare()
  for (const opened of run.watches) {
    const revisions = due(model, opened).map(({ revision }) => revision)
    await expectOfEvents(opened.answers, opened.name, 'revision', revisions)
  }
}
