import { BundleRefused, bundle } from '../bundle/bundle.ts'
import { placesIn } from '../bundle/place.ts'
import type { CommandContext, Links } from '../commands/context.ts'
import type { Lesson } from '../course/lesson.ts'
import { exampleChecks } from '../examples/example-checks.ts'
import type { Submission } from '../intake/intake.ts'
import type { Check } from '../runner/check.ts'
import { grade } from '../runner/grade.ts'
import { runChecks } from '../runner/grade-lesson.ts'
import { type CheckVerdict, requirementOf } from '../runner/outcome.ts'
import type { PlacesOf } from '../runner/run-check.ts'
import { loadSuite } from '../runner/suites.ts'
import type { Verdict } from '../runner/verdict.ts'

/** How many gradings go on at a time: one waits for its process while the other is judged. */
export const AT_A_TIME = 3

/** Rooms under their paths, as `treeAt` gives them: `store.ts`. */
export type Tree = ReadonlyMap<string, string>

/** Grades for the proof: what is ours over and over, and what stands in the bank. */
export interface Grading {
  readonly isolation: Verdict['isolation']
  /** The hidden suite of a lesson; empty if there is none. Rejects if it cannot be loaded. */
  loadSuite(lesson: Lesson): Promise<readonly Check[]>
  /** The same, but empty too if it cannot be loaded: that is told once. */
  suiteOf(lesson: Lesson): Promise<readonly Check[]>
  /** The visible examples. Rejects with a `LessonError` if they are not written as they must be. */
  examplesOf(lesson: Lesson): Promise<readonly Check[]>
  /** Grades one lesson of a tree of ours. The same script, checks and seed are graded once. */
  gradeTree(tree: Tree, lesson: Lesson, checks: readonly Check[], seed: number): Promise<CheckVerdict[]>
  gradeSubmission(submission: Submission, lesson: Lesson, checks: readonly Check[]): Promise<Verdict>
  close(): void
}

/** Opens it. Whoever does closes it. */
export async function openGrading(context: CommandContext): Promise<Grading> {
  const { root } = context
  const links: Links = await context.openLinks(AT_A_TIME)
  const { isolation, openLink } = links
  const graded = new Map<string, Promise<CheckVerdict[]>>()
  const scripts = new WeakMap<Tree, Map<string, Promise<Script | BundleRefused>>>()

  const scriptOf = (tree: Tree, lesson: Lesson, beside: Check['beside']): Promise<Script | BundleRefused> => {
    const known = scripts.get(tree) ?? new Map<string, Promise<Script | BundleRefused>>()
    scripts.set(tree, known)
    const key = `${lesson.folder} ${beside?.name}`
    const making = known.get(key) ?? makeScript(root, tree, lesson, beside)
    known.set(key, making)
    return making
  }

  const load = async (lesson: Lesson) => (await loadSuite(context.suites, lesson.folder)) ?? []

  return {
    isolation,
    loadSuite: load,
    suiteOf: (lesson) => load(lesson).catch(() => []),
    examplesOf: (lesson) => exampleChecks(root, lesson),
    async gradeTree(tree, lesson, checks, seed) {
      const script = await scriptOf(tree, lesson, checks[0]?.beside)
      if (script instanceof BundleRefused) {
        const { message } = script
        return checks.map(({ id, title }) => ({
          ...{ id, title, requirement: requirementOf(id) },
          ...{ outcome: 'refused', message },
        }))
      }
      const key = `${seed} ${lesson.folder} ${script.script}`
      const run =
        graded.get(key) ??
        runChecks({ lesson: lesson.folder, checks: [...checks], seed, openLink, ...script }).then(
          ({ results }) => results,
        )
      graded.set(key, run)
      return run
    },
    gradeSubmission: (submission, lesson, checks) =>
      grade({
        root,
        submission,
        lessons: [{ lesson, checks: [...checks] }],
        seed: 1,
        isolation,
        openLink,
      }),
    close: () => links.close(),
  }
}

interface Script {
  script: string
  placesOf: PlacesOf
}

async function makeScript(
  root: string,
  tree: Tree,
  lesson: Lesson,
  beside: Check['beside'],
): Promise<Script | BundleRefused> {
  try {
    const { script, map } = await bundle(root, lesson.rooms, (room) => tree.get(`${room}.ts`), beside)
    return {
      script,
      placesOf: placesIn(
        map,
        [...tree.keys()].map((path) => path.replace(/\.ts$/, '')),
      ),
    }
  } catch (error) {
    if (error instanceof BundleRefused) return error
    throw error
  }
}
