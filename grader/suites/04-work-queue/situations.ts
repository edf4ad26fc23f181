// Keys in every situation that a key can be in, so that a rule is looked at in all of them at once.
import { expect } from '../../src/runner/expect.ts'
import type { Subject } from '../../src/subject/subject.ts'
import { LONG_MS, type Looks, type Queue, take } from './bench.ts'

/** How a key comes there. Each call is made for all keys before the next is. Those that leave keys waiting are last. */
const SITUATIONS: Record<string, readonly ('add' | 'get' | 'done')[]> = {
  done: ['add', 'get', 'done'],
  processed: ['add', 'get'],
  'handed to a get() that waited': ['get', 'add'],
  'handed on by done': ['add', 'get', 'add', 'get', 'done'],
  'added again': ['add', 'get', 'add'],
  waiting: ['add'],
}

/** What is called for a key, before it comes into its situation and there, and when it falls due after that. */
export interface Story {
  before?: (key: string) => void
  there?: ((key: string) => void)[]
  /** What is called there adds the key at once. */
  adds?: boolean
  dueMs: number
}

/**
 * Tells each story of a key in every situation, then lets all keys be handed out and done, and looks whether each is
 * handed out again when it is due, and at no other time.
 *
 * @param stories each by its name
 * @returns the keys of each story
 */
export async function everywhere(
  { subject, look, queue }: { subject: Subject; look: Looks; queue: Queue },
  stories: Record<string, Story>,
): Promise<Record<string, string[]>> {
  const keys: Record<string, string[]> = {}
  const all: (Story & { key: string; waits: boolean })[] = []
  for (const [situation, calls] of Object.entries(SITUATIONS)) {
    const here = Object.entries(stories).map(([name, story]) => {
      const key = `${name}: ${situation}`
      keys[name] = [...(keys[name] ?? []), key]
      return { ...story, key, waits: story.adds || situation === 'added again' || situation === 'waiting' }
    })
    for (const { before, key } of here) before?.(key)
    for (const call of calls) for (const { key } of here) call === 'get' ? queue.get() : queue[call](key)
    all.push(...here)
  }
  for (const { there = [], key } of all) for (const call of there) call(key)
  for (const { key } of all) queue.done(key)
  const waiting = all.filter(({ waits }) => waits).map(({ key }) => key)
  takeEach({ queue, look }, waiting, 'after done of all keys')

  let nowMs = 0
  for (const dueMs of [...new Set(all.map((story) => story.dueMs))].sort((a, b) => a - b)) {
    await subject.clock.advance(dueMs - 1 - nowMs)
    look.length(queue, `after ${dueMs - 1} ms, when no key is due`, 0)
    await subject.clock.advance(1)
    nowMs = dueMs
    const due = all.filter((story) => story.dueMs === dueMs).map(({ key }) => key)
    takeEach({ queue, look }, due, `after ${dueMs} ms`)
  }
  await subject.clock.advance(LONG_MS)
  look.length(queue, 'a minute after the last of the delays', 0)
  return keys
}

/** Takes `keys` and says that they are done. Only those that go wrong are named: all would be a long list. */
export function takeEach({ queue, look }: { queue: Queue; look: Looks }, keys: string[], when: string): void {
  const taken = take(queue, keys)
  look.begin(async () => {
    const missing = new Set<unknown>(keys)
    const others = (await taken).filter((key) => !missing.delete(key))
    expect([...missing], `keys, named by what became of them, that get() does not hand out ${when}`).toEqual(
      [],
    )
    expect(others, `keys that get() hands out besides ${when}`).toEqual([])
  })
  look.length(queue, `after the keys that wait ${when} were handed out and done`, 0)
}
