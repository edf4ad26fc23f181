// Every kind of write to a key in every state that it can be in.
import type { Step } from './row.ts'

/** What has happened to a key, by what it is then. */
const states: Record<string, ('put' | 'delete')[]> = {
  'put-twice': ['put', 'put'],
  deleted: ['put', 'delete'],
  'never-put': [],
}

/** A write to a key that is at this revision, 0 if it is not there. */
const writes: ((key: string, value: unknown, at: number) => Step)[] = [
  (key, value) => ['put', key, value],
  (key, value, at) => ['put', key, value, { ifRevision: at }],
  (key, value) => ['put', key, value, { ifRevision: 0 }],
  (key, value) => ['put', key, value, { ifRevision: 1 }],
  (key) => ['delete', key],
  (key, _, at) => ['delete', key, { ifRevision: at }],
  (key) => ['delete', key, { ifRevision: 0 }],
  (key) => ['delete', key, { ifRevision: 1 }],
]

/** What makes a key for each write and each state, in a new store; the revision where that leads; and then the writes. */
export function everyWrite(): { history: Step[]; revision: number; writes: Step[] } {
  const history: Step[] = []
  const last: Step[] = []
  for (const [nth, write] of writes.entries()) {
    for (const [state, led] of Object.entries(states)) {
      const key = `/${state}/${nth + 1}`
      for (const method of led) {
        history.push(method === 'put' ? ['put', key, history.length + 2] : ['delete', key])
      }
      last.push(write(key, 'last', led.at(-1) === 'put' ? history.length + 1 : 0))
    }
  }
  return { history, revision: history.length + 1, writes: last }
}
