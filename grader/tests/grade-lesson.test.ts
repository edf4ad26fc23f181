import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { findLesson, loadCourse } from '../src/course/course.ts'
import { repositoryRoot } from '../src/paths.ts'
import { terminalReport } from '../src/reports/terminal.ts'
import type { Check } from '../src/runner/check.ts'
import { expectRejection } from '../src/runner/expect.ts'
import { grade } from '../src/runner/grade.ts'
import { runChecks } from '../src/runner/run-checks.ts'
import { exceeded } from '../src/sandbox/fault.ts'
import { inProcess } from '../src/subject/in-process.ts'

interface Store {
  Store: new () => { get(key: string): Promise<unknown> }
}

const root = repositoryRoot()
const course = loadCourse(root)
const lesson = findLesson(course, '01')
const checks: Check[] = [
  {
    id: 'ST-1.1',
    title: 'gets',
    body: async ({ room }) => void (await room<Store>('store').construct('Store').get('a')),
  },
  {
    id: 'ST-1.2',
    title: 'refuses',
    body: ({ room }) =>
      expectRejection(room<Store>('store').construct('Store').get('a'), 'get', 'FutureRevision'),
  },
  {
    id: 'ST-1.3',
    title: 'looks at how calls stand',
    body: async ({ room }) => {
      const { status } = await room<Store>('store').construct('Store').get('a').settled()
      expect(status).toBe('resolved')
    },
  },
]

async function verdictOn(store: string) {
  if (!lesson) throw new Error('expected lesson 01')
  const agent = await agentScript(root)
  const submission = {
    path: 'kim',
    hash: '',
    rooms: new Map([['store', store]]),
    refused: new Map(),
    ignored: [],
  }
  const openLink = () => inProcess(agent)
  return grade({
    course,
    submission,
    lessons: [{ lesson, checks }],
    seed: 1,
    isolation: 'unverified',
    openLink,
  })
}

describe('a room that does not export what it must', () => {
  it.each([
    ['export class Stroe {}', 'it exports Stroe'],
    ['export const Store = {}', 'its Store is an object'],
    ['export const Store = 5', 'its Store is a number'],
    ['export default class Store {}', 'it exports default'],
    ['class Store {}', 'it exports nothing'],
    ['', 'it exports nothing'],
  ])('fails every check with that sentence, whatever the check looks at: %s', async (store, found) => {
    const { lessons } = await verdictOn(store)
    const message = `store.ts must export class Store; ${found}`
    expect(lessons[0]?.checks).toEqual(
      checks.map(({ id, title }) => ({ id, requirement: 'ST-1', title, outcome: 'failed', message })),
    )
  })

  it('is told of once', async () => {
    const lines = terminalReport(await verdictOn('export class Stroe {}'))
    expect(lines.filter((line) => line.includes('Stroe'))).toHaveLength(1)
    expect(lines.join('\n')).not.toContain('ST-1.2')
  })
})

describe('a lesson', () => {
  it('ends where its processes have taken too long together', async () => {
    const agent = await agentScript(root)
    let opened = 0
    // Three of them take more than there is. The one for the checks side by side fails, and then the first one after it.
    const openLink = () => {
      const link = inProcess(agent)
      const fails = ++opened <= 2
      const request = async (line: string) => (fails && line.includes('"run"') ? '' : link.request(line))
      return { ...link, takenMs: 50_000, request }
    }
    const script = { given: '', rooms: '() => ({ rooms: { store: {} }, enteredStubs: () => [] })' }
    const placesOf = () => []
    const { results } = await runChecks({ lesson: '01-store', checks, seed: 1, openLink, script, placesOf })
    expect(results.map(({ outcome }) => outcome)).toEqual(['crashed', 'failed', 'over-limit'])
    expect(results[2]?.message).toBe('took more than 120 s in all checks together')
  })

  it('runs no more checks where so many ran for ever', async () => {
    const agent = await agentScript(root)
    const openLink = () => {
      const link = inProcess(agent)
      const request = async (line: string) => {
        if (line.includes('"run"')) throw exceeded('requestCpu')
        return link.request(line)
      }
      return { ...link, request }
    }
    const many = Array.from(
      { length: 22 },
      (_, at): Check => ({
        id: `ST-1.${at}`,
        title: 'gets',
        body: async ({ room }) => void (await room<Store>('store').construct('Store').get('a')),
      }),
    )
    const script = { given: '', rooms: '() => ({ rooms: { store: {} }, enteredStubs: () => [] })' }
    const job = { lesson: '01-store', checks: many, seed: 1, openLink, script, placesOf: () => [] }
    const { results } = await runChecks(job)
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['timed-out']))
    const notRun = results.filter(({ message }) => message === 'not run: 20 checks before it never ended')
    expect(notRun.map(({ id }) => id)).toEqual(['ST-1.20', 'ST-1.21'])
  })
})
