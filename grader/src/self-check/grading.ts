import { BundleRefused } from '../bundle/bundle.ts'
import { type LessonScript, lessonScript } from '../bundle/lesson-script.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { exampleChecks } from '../examples/example-checks.ts'
import type { Submission } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { grade } from '../runner/grade.ts'
import { AT_A_TIME } from '../runner/in-parallel.ts'
import { type CheckVerdict, endedAs } from '../runner/outcome.ts'
import { runChecks } from '../runner/run-checks.ts'
import type { Verdict } from '../runner/verdict.ts'
import type { Links, OpenLinks } from '../subject/open-links.ts'

/** Rooms under their paths, as `treeAt` gives them: `store.ts`. */
export type Tree = ReadonlyMap<string, string>

/** Grades for the proof: what is ours over and over, and what stands in the bank. */
export interface Grading {
  readonly isolation: Links['isolation']
  /** The hidden suite of a lesson; empty if there is none. Rejects if it cannot be loaded. */
  loadSuite(lesson: Lesson): Promise<readonly Check[]>
  /** The same, but empty too if it cannot be loaded: that is told once. */
  suiteOf(lesson: Lesson): Promise<readonly Check[]>
  /** The visible examples. Rejects with a `LessonError` if they are not written as they must be. */
  examplesOf(lesson: Lesson): Promise<readonly Check[]>
  /** Grades one lesson of a tree of ours. The same script, checks and seed are graded once. */
  gradeTree(tree: Tree, lesson: Lesson, checks: readonly Check[], seed: number): Promise<CheckVerdict[]>
  /** @param own whether over the own stack, too */
  gradeSubmission(
    submission: Submission,
    lesson: Lesson,
    checks: readonly Check[],
    own?: boolean,
  ): Promise<Verdict>
  close(): void
}

/**
 * Opens it. Whoever does closes it.
 *
 * @param loadSuite the hidden suite of a lesson; empty if there is none
 */
export async function openGrading(
  course: Course,
  loadSuite: Grading['loadSuite'],
  openLinks: OpenLinks,
): Promise<Grading> {
  const { isolation, openLink, close } = await openLinks(AT_A_TIME)
  const graded = new Map<string, Promise<CheckVerdict[]>>()
  const scripts = new WeakMap<Tree, Map<string, Promise<LessonScript | BundleRefused>>>()

  const scriptOf = (
    tree: Tree,
    lesson: Lesson,
    beside: Check['beside'],
  ): Promise<LessonScript | BundleRefused> => {
    const known = scripts.get(tree) ?? new Map<string, Promise<LessonScript | BundleRefused>>()
    scripts.set(tree, known)
    const key = `${lesson.folder} ${beside?.name}`
    const making = known.get(key) ?? makeScript(course, tree, lesson, beside)
    known.set(key, making)
    return making
  }

  const suiteOf = (lesson: Lesson) => loadSuite(lesson).catch(() => [])

  return {
    isolation,
    loadSuite,
    suiteOf,
    examplesOf: (lesson) => exampleChecks(course.root, lesson),
    async gradeTree(tree, lesson, checks, seed) {
      const script = await scriptOf(tree, lesson, checks[0]?.beside)
      if (script instanceof BundleRefused) {
        const { message } = script
        return checks.map((check) => endedAs(check, { outcome: 'refused', message }))
      }
      const key = `${seed} ${lesson.folder} ${script.script.rooms}`
      const run =
        graded.get(key) ??
        runChecks({ lesson: lesson.folder, checks, seed, openLink, ...script }).then(({ results }) => results)
      graded.set(key, run)
      return run
    },
    gradeSubmission: (submission, lesson, checks, own) =>
      grade({
        course,
        submission,
        lessons: [{ lesson, checks }],
        seed: 1,
        isolation,
        openLink,
        ...(own ? { suiteOf } : {}),
      }),
    close,
  }
}

async function makeScript(
  course: Course,
  tree: Tree,
  lesson: Lesson,
  beside: Check['beside'],
): Promise<LessonScript | BundleRefused> {
  const stock = {
    source: (room: string) => tree.get(`${room}.ts`),
    learners: [...tree.keys()].map((path) => path.replace(/\.ts$/, '')),
    stack: 'alone' as const,
  }
  try {
    return await lessonScript(course, lesson, stock, beside)
  } catch (error) {
    if (error instanceof BundleRefused) return error
    throw error
  }
}
