// A model of the store: it foretells what each call of a row comes to.
import type { KeyValue, StoreEvent } from '#kit/store'
import { keyValue, over } from './bench.ts'
import type { Answer, Step } from './row.ts'

type State = ReadonlyMap<string, KeyValue<unknown>>

/** A watch, and what is known of it. */
export interface Opened {
  prefix: string
  after: number
  /** Which of the calls are its `next()`. */
  nexts: number[]
  /** It began too early: what its first `next()` comes to. */
  refused: Answer | undefined
  /** How many events it had handed out when one that it owed was compacted. */
  lostAfter: number | undefined
}

/** Keeps every state that there was, in full, and every event. */
export class Model {
  readonly steps: Step[] = []
  readonly watches: Opened[] = []
  compacted = 1
  /** The first state is that of revision 1. */
  readonly #states: State[] = [new Map()]
  readonly #events: StoreEvent<unknown>[] = []
  readonly #answers: Answer[] = []

  constructor(steps: readonly Step[] = []) {
    for (const step of steps) this.add(step)
  }

  get revision(): number {
    return this.#states.length
  }

  /** What every key holds now. */
  get latest(): State {
    return this.#states.at(-1) ?? new Map()
  }

  /** What the calls come to, up to now. Of a watch that owes what was compacted: as if it still handed it out. */
  get answers(): Answer[] {
    const answers = [...this.#answers]
    for (const opened of this.watches) {
      const events = this.due(opened)
      for (const [nth, at] of opened.nexts.entries()) {
        const value = events[nth]
        if (opened.refused) answers[at] = nth === 0 ? opened.refused : { resolved: over }
        else answers[at] = value ? { resolved: { done: false, value } } : { waits: true }
      }
    }
    return answers
  }

  /** The writes that a watch hands out up to now. */
  due({ prefix, after }: Opened): StoreEvent<unknown>[] {
    return this.#events.filter(({ revision, key }) => revision > after && key.startsWith(prefix))
  }

  /** Makes a call. */
  add(step: Step): void {
    this.#answers.push(this.#answerTo(step))
    this.steps.push(step)
  }

  #answerTo(step: Step): Answer {
    switch (step[0]) {
      case 'put':
        return this.#put(step[1], step[2], step[3]?.ifRevision)
      case 'delete':
        return this.#delete(step[1], step[2]?.ifRevision)
      case 'get':
        return this.#read(step[2]?.revision, (state) => state.get(step[1]))
      case 'list':
        return this.#read(step[2]?.revision, (state, revision) => ({
          revision,
          items: [...state.values()]
            .filter(({ key }) => key.startsWith(step[1]))
            .sort((a, b) => (a.key < b.key ? -1 : 1)),
        }))
      case 'compact':
        return this.#compact(step[1])
      case 'watch':
        return this.#watch(step[1], step[2]?.after ?? this.revision)
      case 'next':
        this.watches[step[1] - 1]?.nexts.push(this.steps.length)
        return { waits: true }
    }
  }

  #put(key: string, value: unknown, ifRevision?: number): Answer {
    const prevKv = this.latest.get(key)
    const revision = this.revision + 1
    if (isRefused(prevKv, ifRevision)) return conflict(key, prevKv, ifRevision)
    const kv = keyValue(key, value, prevKv?.createRevision ?? revision, revision)
    this.#states.push(new Map(this.latest).set(key, kv))
    this.#events.push({ type: 'PUT', key, revision, kv, prevKv })
    return { resolved: kv }
  }

  #delete(key: string, ifRevision?: number): Answer {
    const prevKv = this.latest.get(key)
    if (isRefused(prevKv, ifRevision)) return conflict(key, prevKv, ifRevision)
    if (!prevKv) return { resolved: undefined }
    const state = new Map(this.latest)
    state.delete(key)
    this.#states.push(state)
    this.#events.push({ type: 'DELETE', key, revision: this.revision, prevKv })
    return { resolved: prevKv }
  }

  #read(at: number | undefined, look: (state: State, revision: number) => unknown): Answer {
    const revision = at ?? this.revision
    const state = this.#states[revision - 1]
    if (!state) return future(revision, this.revision)
    if (revision < this.compacted) return compacted(revision, this.compacted)
    return { resolved: look(state, revision) }
  }

  #compact(revision: number): Answer {
    if (revision <= this.compacted) return compacted(revision, this.compacted)
    if (revision > this.revision) return future(revision, this.revision)
    this.compacted = revision
    for (const opened of this.watches) {
      const owed = this.due(opened).slice(opened.nexts.length)[0]
      if (owed && owed.revision < revision) opened.lostAfter ??= opened.nexts.length
    }
    return { resolved: undefined }
  }

  #watch(prefix: string, after: number): Answer {
    const refused = after + 1 < this.compacted ? compacted(after + 1, this.compacted) : undefined
    this.watches.push({ prefix, after, nexts: [], refused, lostAfter: undefined })
    return { resolved: undefined }
  }
}

const isRefused = (kv: KeyValue<unknown> | undefined, ifRevision: number | undefined) =>
  ifRevision !== undefined && ifRevision !== (kv?.modRevision ?? 0)

const conflict = (key: string, kv: KeyValue<unknown> | undefined, expected: number | undefined): Answer => ({
  error: 'RevisionConflict',
  key,
  expected,
  current: kv?.modRevision ?? 0,
})

const compacted = (requested: number, compacted: number): Answer => ({
  error: 'Compacted',
  requested,
  compacted,
})

const future = (requested: number, current: number): Answer => ({
  error: 'FutureRevision',
  requested,
  current,
})
