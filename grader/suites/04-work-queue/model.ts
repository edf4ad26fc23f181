// The models that WQ-4.6 and WQ-6.6 hold the queue against, and the steps that they take with it.
import fc from 'fast-check'
import { expect, expectAnswer } from '../../src/runner/expect.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { type Looks, type Queue, take } from './bench.ts'

/** Few enough that they meet. */
export const someKey = fc.constantFrom('web', 'api', 'cache')

/** What WQ-1 to WQ-4 say, in the plainest terms, but for the place of a key that is added again. */
export class Model {
  waiting: string[] = []
  processing = new Set<string>()
  /** Added while they were being processed. */
  again = new Set<string>()
  gets: { key?: string }[] = []
  /** How often get() was called. */
  asked = 0

  add(key: string) {
    if (this.processing.has(key)) this.again.add(key)
    else if (!this.waiting.includes(key)) this.waiting.push(key)
    this.handOut()
  }

  /** @returns filled in when a key is handed out */
  get() {
    const get: { key?: string } = {}
    this.gets.push(get)
    this.asked++
    this.handOut()
    return get
  }

  done(key: string) {
    if (this.processing.delete(key) && this.again.delete(key)) this.waiting.push(key)
    this.handOut()
  }

  handOut() {
    for (const key of this.waiting.splice(0, this.gets.length)) {
      Object.assign(this.gets.shift() ?? {}, { key })
      this.processing.add(key)
    }
  }
}

/** The queue of an example, and the looks at it. */
export interface Run {
  queue: Queue
  look: Looks
}

type Step = fc.Command<Model, Run>

/** Adds a key. */
export const addStep = (key: string): Step => ({
  // Whether a key that is added again keeps its place is WQ-3's question, and answered there.
  check: ({ waiting }) => !waiting.includes(key) || waiting.at(-1) === key,
  run(model, { queue }) {
    model.add(key)
    queue.add(key)
  },
  toString: () => `add("${key}")`,
})

/** Says that a key is done, which may not be processed. */
export const doneStep = (key: string): Step => ({
  check: () => true,
  run(model, { queue }) {
    model.done(key)
    queue.done(key)
  },
  toString: () => `done("${key}")`,
})

/** Calls `get()`, and looks at what it answers in the end. */
export const getStep = (): Step => ({
  check: () => true,
  run(model, { queue, look }) {
    const expected = model.get()
    const get = queue.get()
    const called = `get() number ${model.asked}`
    if (expected.key === undefined) look.waiting(get, `${called}, for which no key waits`)
    look.begin(async () => {
      await get.settled()
      // By now all steps were taken, and a get() that waited may have its key.
      if (expected.key === undefined) return
      const what = `what ${called} answers`
      expect(await expectAnswer(get, what, expected.key), what).toEqual(expected.key)
    })
  },
  toString: () => 'get()',
})

/** What WQ-5 and WQ-6 say: when each delayed key is due. A key that is due is handed out and done at once. */
export interface Delays {
  nowMs: number
  due: Map<string, number>
}

/** The same, with the clock. */
export interface DelayRun extends Run {
  subject: Subject
}

/** Delays a key. */
export const delayStep = (key: string, delayMs: number): fc.AsyncCommand<Delays, DelayRun> => ({
  check: () => true,
  async run(model, run) {
    run.queue.addAfter(key, delayMs)
    if (delayMs > 0) {
      model.due.set(key, Math.min(model.due.get(key) ?? Number.POSITIVE_INFINITY, model.nowMs + delayMs))
    } else {
      takeAll(run, [key], `after addAfter("${key}", ${delayMs})`)
    }
  },
  toString: () => `addAfter("${key}", ${delayMs})`,
})

/** Lets time pass, and takes the keys that are due. */
export const advanceStep = (ms: number): fc.AsyncCommand<Delays, DelayRun> => ({
  check: () => true,
  async run(model, run) {
    await run.subject.clock.advance(ms)
    model.nowMs += ms
    const due = [...model.due.keys()].filter((key) => Number(model.due.get(key)) <= model.nowMs)
    for (const key of due) model.due.delete(key)
    takeAll(run, due, `${model.nowMs} ms after the start`)
  },
  toString: () => `${ms} ms pass`,
})

/** Takes `keys`, which wait in any order, says that they are done, and looks whether more of them wait. */
export function takeAll({ queue, look }: Run, keys: string[], when: string) {
  const taken = take(queue, keys)
  look.begin(async () => {
    const seen = (await taken).sort()
    expect<unknown[]>(seen, `keys that get() hands out ${when}`).toEqual([...keys].sort())
  })
  look.length(queue, `after the keys that are due ${when} were handed out and done`, 0)
}
