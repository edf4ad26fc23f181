import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadCourse } from '../course/course.ts'
import { generateStarter } from '../course/generate.ts'
import { filesIn, hasReference } from '../course/tree.ts'
import { type CommandContext, UsageError } from './context.ts'

/** What `npm run edition` can be asked. */
export interface EditionOptions {
  /** The folder to make; absent or empty. */
  to: string
  withSuites?: boolean
}

/** What goes into every edition as it is. The bank, the tests and the reference stay behind: they hold the answers. */
const SHARED = [
  'bin',
  'grader/src',
  'lessons',
  'starter/kit',
  'starter/cluster',
  'starter/tsconfig.json',
  'grader/tsconfig.json',
]
const FILES = [
  '.gitattributes',
  '.npmrc',
  'LICENSE',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
]
/** The commands that work without the reference. */
const SCRIPTS = ['start', 'test', 'hint', 'status', 'debug', 'api']

/** Makes the student edition: a repository of its own, without reference, and without hidden suites unless asked. */
export async function edition(
  { root, cwd, out }: CommandContext,
  { to, withSuites }: EditionOptions,
): Promise<number> {
  const course = loadCourse(root)
  if (!hasReference(root))
    throw new UsageError('an edition is made from the whole repository; this is an edition already')
  const target = resolve(cwd, to)
  const expected = `${to}: expected a new or empty folder`
  try {
    mkdirSync(target, { recursive: true })
    if (readdirSync(target).length > 0) throw new UsageError(`${expected}; there is something in it`)
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error
    throw new UsageError(`${expected}; it cannot be made (${error.message})`)
  }
  for (const path of [...SHARED, ...FILES, ...(withSuites ? suitesIn(root) : [])]) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(target, path), { recursive: true })
  }
  for (const [path, text] of generateStarter(root)) {
    mkdirSync(join(target, path, '..'), { recursive: true })
    writeFileSync(join(target, path), text)
  }
  writeFileSync(join(target, 'package.json'), packageJson(root, Boolean(withSuites)))
  writeFileSync(join(target, '.gitignore'), 'node_modules/\n.installing\nwork/.drydock/\n')
  const readme = readFileSync(join(root, 'grader/src/edition/README.md'), 'utf8')
  writeFileSync(
    join(target, 'README.md'),
    readme.replace('{{verdict}}', withSuites ? WITH_SUITES : WITHOUT_SUITES),
  )
  out.write(
    `${to}: the student edition, ${course.lessons.length} lessons, ${withSuites ? 'with' : 'without'} hidden suites\n`,
  )
  return 0
}

const WITH_SUITES =
  'Your verdict comes from the hidden suites, the same that your instructor uses. Here a lesson stands on your own rooms of the lessons below; there, on right ones.'
const WITHOUT_SUITES =
  'Your verdict here comes from the examples, which show a part of what is graded. Everything that is graded stands in the lesson, under "What it must do".'

/** The suites with all that they are made of. What says which mutants nobody could notice quotes the reference. */
function suitesIn(root: string): string[] {
  const paths = filesIn(join(root, 'grader/suites')).filter((path) => path.endsWith('.ts'))
  return paths.map((path) => `grader/suites/${path}`)
}

function packageJson(root: string, withSuites: boolean): string {
  const parsed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const names = withSuites ? [...SCRIPTS, 'grade'] : SCRIPTS
  const scripts = Object.fromEntries(Object.entries(parsed.scripts).filter(([name]) => names.includes(name)))
  return `${JSON.stringify({ ...parsed, scripts }, null, 2)}\n`
}
