// Runs beside the room: makes a row of calls, one after the other as a caller does, and notes what each came to.
import type { KeyValueStore, ReadOptions, Watch, WatchOptions, WriteOptions } from '#kit/store'

/** A call of a store; `next` is that of the watch that was opened as that number, from 1 on. */
export type Step =
  | readonly ['put', key: string, value: unknown, options?: WriteOptions]
  | readonly ['delete', key: string, options?: WriteOptions]
  | readonly ['get', key: string, options?: ReadOptions]
  | readonly ['list', prefix: string, options?: ReadOptions]
  | readonly ['compact', revision: number]
  | readonly ['watch', prefix: string, options?: WatchOptions]
  | readonly ['next', watch: number]

/** What a call came to. */
export type Answer = { resolved: unknown } | ({ error: string } & Record<string, unknown>) | { waits: true }

/** What the caller changes: each value that it puts, once it has called; or each answer once it is noted, or those of a method. */
export type Changes = 'values' | 'answers' | Step[0]

/** So many moments an answer may be under way before a compaction. */
const MOMENTS = 10

/**
 * What each of the calls came to. A call is made when the one before it was answered; only a `next()` may wait, and
 * what it comes to later is noted then.
 */
export async function answersTo(
  store: KeyValueStore<unknown>,
  steps: readonly Step[],
  changes?: Changes,
): Promise<Answer[]> {
  const watches: (Watch<unknown> | undefined)[] = []
  const answers: Answer[] = steps.map(() => ({ waits: true }))
  for (const [at, step] of steps.entries()) {
    if (step[0] === 'compact') for (let moment = 0; moment < MOMENTS; moment++) await undefined
    try {
      const returned = call(step)
      if (step[0] === 'next') Promise.resolve(returned).then(resolves, rejects)
      else resolves(await returned)
    } catch (error) {
      rejects(error)
    }

    function resolves(answer: unknown) {
      answers[at] = { resolved: changes ? structuredClone(answer) : answer }
      if (changes === 'answers' || changes === step[0]) change(answer)
    }

    function rejects(error: unknown) {
      const { name, ...fields } = Object(error)
      answers[at] = { ...fields, error: String(name) }
    }
  }
  return answers

  function call(step: Step): unknown {
    const [method, ...args] = step
    if (method === 'next') return watches[step[1] - 1]?.next()
    if (method === 'watch') {
      const place = watches.push(undefined) - 1
      watches[place] = store.watch(step[1], ...(step[2] ? [step[2]] : []))
      return undefined
    }
    const returned: unknown = Reflect.apply(store[method], store, args)
    if (method === 'put' && changes === 'values') change(step[2])
    return returned
  }
}

/** Makes the calls, whatever they come to. */
export async function make(store: KeyValueStore<unknown>, steps: readonly Step[]): Promise<void> {
  for (const [method, ...args] of steps) await Reflect.apply(Reflect.get(store, method), store, args)
}

/** Changes everything in it, as far as it goes: an answer may be frozen. */
export function change(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    change(item)
    if (typeof item !== 'object' || item === null) Reflect.set(value, key, 'changed')
  }
  Reflect.set(value, Array.isArray(value) ? value.length : 'added', 'changed')
}
