import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceOf, writeRooms } from '../src/bench/lesson-rooms.ts'
import { UsageError } from '../src/commands/context.ts'
import { edition } from '../src/commands/edition.ts'
import { loadCourse } from '../src/course/course.ts'
import { filesIn } from '../src/course/tree.ts'
import { readExamples } from '../src/examples/titles.ts'
import { repositoryRoot } from '../src/paths.ts'

const root = repositoryRoot()
const course = loadCourse(root)
const folder = mkdtempSync(join(tmpdir(), 'drydock-edition-'))
const context = { root, cwd: folder, out: { write: () => true } } as unknown as Parameters<typeof edition>[0]

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a student gets who has installed it: each package, and the mark of the installation. */
function install(target: string): void {
  const modules = join(target, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules')).filter((name) => !name.startsWith('.'))) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  copyFileSync(join(target, 'package-lock.json'), join(modules, '.drydock-lock.json'))
}

const run = (target: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(target, 'bin/drydock.mjs'), ...args], {
    cwd: target,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: target, NO_COLOR: '1' },
  })

/** A report, but for the line that names the submission. */
const checksOf = (report: string) => report.split('\n').filter((line) => !line.includes('submission'))

describe('the student edition', () => {
  const students = join(folder, 'students')
  beforeAll(async () => {
    await edition(context, { to: 'students' })
    install(students)
  })

  it('has lessons, examples and stubs, and neither reference, hidden suites nor bank', () => {
    expect(existsSync(join(students, 'lessons/01-store/examples.test.ts'))).toBe(true)
    expect(readFileSync(join(students, 'starter/src/store.ts'), 'utf8')).toContain(
      "throw new NotYet('01-store')",
    )
    for (const path of ['solutions', 'grader/suites', 'grader/submissions', 'grader/tests']) {
      expect(existsSync(join(students, path)), path).toBe(false)
    }
  })

  it('says where the student is, over the examples', () => {
    const { status, stdout, stderr } = run(students, 'learn')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`0 of ${course.lessons.length} lessons passed`)
    expect(stdout).toContain('Run over the visible examples: the hidden suite is not in this edition.')
  })

  it('runs the examples: what is not started is counted, what is right passes, what is wrong fails', () => {
    const [first = 0, ...others] = course.lessons.map((lesson) => readExamples(root, lesson).length)
    const all = others.reduce((sum, number) => sum + number, first)
    const fresh = run(students, 'test')
    expect([fresh.status, fresh.stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      `0 passed, 0 failed, ${all} skipped`,
    ])

    copyFileSync(join(root, 'solutions/store.ts'), join(students, 'work/store.ts'))
    const begun = run(students, 'test')
    expect([begun.status, begun.stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      `${first} passed, 0 failed, ${all - first} skipped`,
    ])

    copyFileSync(join(root, 'solutions/store.ts'), join(students, 'work/work-queue.ts'))
    const wrong = run(students, 'test')
    expect([wrong.status, wrong.stdout.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringMatching(`^${first} passed, [1-9]\\d* failed`),
    ])
    expect(wrong.stdout).toContain('work-queue.ts must export WorkQueue')
  })

  it('has the hidden suites, and nothing beside them, where they are asked for', async () => {
    await edition(context, { to: 'with-suites', withSuites: true })
    const files = (folder: string) => filesIn(join(folder, 'grader/suites'))
    expect(files(join(folder, 'with-suites'))).toEqual(files(root).filter((file) => file.endsWith('.ts')))
  })

  it('grades with them over the rooms of the student, for there are no others', async () => {
    const target = join(folder, 'with-suites')
    install(target)
    for (const lesson of course.lessons) writeRooms(join(target, 'work'), referenceOf(course, lesson), 0)
    expect(run(target, 'grade', 'work', '--lesson', '05').stdout).toContain('05-reconcile  42 of 42')
    const api = join(target, 'work/api.ts')
    copyFileSync(join(target, 'starter/src/api.ts'), api)
    const untouched = run(target, 'grade', 'work', '--lesson', '05').stdout
    expect(untouched).toContain('a part of 03-api that is not written yet was called')
    rmSync(api)
    expect(checksOf(run(target, 'grade', 'work', '--lesson', '05').stdout)).toEqual(checksOf(untouched))
  })

  it('does not run with the packages of another folder', async () => {
    await edition(context, { to: 'linked' })
    symlinkSync(join(folder, 'students/node_modules'), join(folder, 'linked/node_modules'), 'junction')
    const { status, stderr } = run(join(folder, 'linked'), 'status')
    expect([status, stderr]).toEqual([2, expect.stringMatching(/node_modules is a link.*remove the link/)])
  })

  it('is made in a new or empty folder only', async () => {
    await expect(edition(context, { to: 'students' })).rejects.toThrow(UsageError)
    await expect(edition(context, { to: 'students' })).rejects.toThrow(
      'students: expected a new or empty folder; there is something in it',
    )
    await expect(edition(context, { to: 'students/LICENSE/below' })).rejects.toThrow(
      'students/LICENSE/below: expected a new or empty folder; it cannot be made (ENOTDIR',
    )
  })
})
