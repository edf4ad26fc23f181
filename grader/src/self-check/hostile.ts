import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostileEntry } from '../bank/entry.ts'
import { judge } from '../bank/judge.ts'
import { cannotPrepare, prepare } from '../bank/prepare.ts'
import type { Lesson } from '../course/lesson.ts'
import { takeIn } from '../intake/intake.ts'
import { toCsv } from '../reports/csv.ts'
import { toJson } from '../reports/json.ts'
import { batchLine, terminalReport } from '../reports/terminal.ts'
import { inParallel } from '../runner/in-parallel.ts'
import { requirementOf } from '../runner/outcome.ts'
import type { Verdict } from '../runner/verdict.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import type { Grading } from './grading.ts'
import { count, type Kit, type Part } from './part.ts'
import { treeOf } from './trees.ts'

/** The name of the planted secret in the grader's environment. */
export const SECRET_VARIABLE = 'DRYDOCK_SECRET'

/**
 * Each hostile submission gets its verdict; a secret that lies beside it (`secret.txt`, in its folder and in the one above),
 * in a submission beside it (`../neighbour`) and in the grader's environment ({@link SECRET_VARIABLE}) is in no
 * report; and the submission after it gets the verdict that it got before.
 */
export const hostileOnes: Part = {
  name: 'hostile submissions',
  async run(kit) {
    const entries = kit.bank.entries.filter((entry) => entry.kind === 'hostile')
    if (entries.length === 0)
      return { counted: count(0, 'submission'), checked: 0, problems: [], skipped: [] }
    const before = process.env[SECRET_VARIABLE]
    const secret = randomBytes(16).toString('hex')
    process.env[SECRET_VARIABLE] = secret
    try {
      const told = await inTemporaryFolder('hostile', async (folder) => {
        const ground = await openGround(kit, folder, secret)
        return inParallel(entries, (entry) => attack(entry, kit, ground))
      })
      const problems = told.flatMap(({ file, line, sentences }) =>
        sentences.map((message) => ({ file, line, message })),
      )
      const skipped = told.flatMap(({ skipped }) => skipped ?? [])
      const classes = new Map<string, number>()
      for (const entry of entries) classes.set(entry.class, (classes.get(entry.class) ?? 0) + 1)
      const counted = [
        count(entries.length, 'submission'),
        ...[...classes].map(([name, number]) => `${number} ${name}`),
      ]
      return { counted: counted.join(', '), checked: entries.length - skipped.length, problems, skipped }
    } finally {
      if (before === undefined) delete process.env[SECRET_VARIABLE]
      else process.env[SECRET_VARIABLE] = before
    }
  },
}

/** Where attacks take place. */
interface Ground {
  folder: string
  secret: string
  /** What comes after each attack, with the verdict that it must get. */
  neighbours: Map<Lesson, { folder: string; verdict: string }>
}

interface Told {
  file: string
  line: number
  sentences: string[]
  skipped?: string
}

async function openGround(
  { course, lessons, grading }: Kit,
  folder: string,
  secret: string,
): Promise<Ground> {
  const ground: Ground = { folder, secret, neighbours: new Map() }
  const tree = treeOf(course, Number.POSITIVE_INFINITY) ?? new Map<string, string>()
  for (const lesson of lessons) {
    const place = join(folder, `neighbour-of-${lesson.folder}`)
    writeRooms(place, tree, lesson, secret)
    ground.neighbours.set(lesson, { folder: place, verdict: await neighbourVerdict(place, lesson, grading) })
  }
  return ground
}

function writeRooms(folder: string, tree: ReadonlyMap<string, string>, lesson: Lesson, secret: string): void {
  for (const room of lesson.rooms) {
    const file = join(folder, `${room}.ts`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${tree.get(`${room}.ts`) ?? ''}\nexport const secret = '${secret}'\n`)
  }
}

async function neighbourVerdict(folder: string, lesson: Lesson, grading: Grading): Promise<string> {
  const checks = await grading.suiteOf(lesson)
  const { lessons, points } = await grading.gradeSubmission(
    takeIn('neighbour', folder, lesson.rooms),
    lesson,
    checks,
  )
  return JSON.stringify({ lessons, points })
}

async function attack(entry: HostileEntry, kit: Kit, { folder, secret, neighbours }: Ground): Promise<Told> {
  const { file, lesson, at } = entry
  const told = { file, line: at.fails ?? 1, sentences: [] as string[] }
  const reason = cannotPrepare(entry) ?? cannotRun(entry, kit.grading)
  if (reason) return { ...told, skipped: `${entry.folder}: ${reason}` }

  const own = mkdtempSync(join(folder, 'attack-'))
  const place = prepare(kit.root, entry, own)
  for (const beside of [place, own]) writeFileSync(join(beside, 'secret.txt'), secret)
  writeRooms(
    join(own, 'neighbour'),
    treeOf(kit.course, Number.POSITIVE_INFINITY) ?? new Map(),
    lesson,
    secret,
  )

  try {
    const submission = takeIn(place, place, lesson.rooms)
    const suite = await kit.grading.suiteOf(lesson)
    const checks = suite.filter(({ id }) => entry.only.length === 0 || entry.only.includes(requirementOf(id)))
    const verdict = await kit.grading.gradeSubmission(submission, lesson, checks)
    told.sentences.push(...judge(entry, verdict))
    if (reportsOf(verdict).some((report) => formsOf(secret).some((form) => report.includes(form))))
      told.sentences.push('expected the planted secret in no report, it is in one')
    const neighbour = neighbours.get(lesson)
    const next = neighbour && (await neighbourVerdict(neighbour.folder, lesson, kit.grading))
    if (neighbour && next !== neighbour.verdict)
      told.sentences.push(`expected the next submission to get the same verdict as before, it got ${next}`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    told.sentences.push(`expected the grader to end normally, it did not: ${message}`)
  }
  return told
}

/** What is refused before anything of it runs needs no sandbox. */
function cannotRun({ outcomes }: HostileEntry, { isolation }: Grading): string | undefined {
  const onlyRefused = outcomes.length > 0 && outcomes.every((outcome) => outcome === 'refused')
  if (isolation === 'bubblewrap' || onlyRefused) return undefined
  return 'it needs bubblewrap, which this machine does not have'
}

function reportsOf(verdict: Verdict): string[] {
  return [toJson(verdict), toCsv([verdict]), batchLine(verdict), ...terminalReport(verdict)]
}

/** The secret, and what somebody might make of it who knows that it is looked for. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    [...secret].reverse().join(''),
    bytes.toString('base64').slice(0, -4),
    bytes.toString('hex'),
  ]
}
