import type { Lesson } from '../course/lesson.ts'
import type { Check, CheckContext } from '../runner/check.ts'
import { Unmet } from '../runner/expect.ts'
import { NeverSettles, RoomError } from '../subject/subject.ts'
import { EXAMPLES, examplesScript } from './script.ts'
import { readExamples } from './titles.ts'
import type * as StandIn from './vitest-stand-in.ts'

const SENTENCE_CHARACTERS = 2_000

/**
 * The visible examples of a lesson as checks, for the learner's loop where there is no hidden suite, and for
 * the proof that a wrong submission passes them. They run and are judged in the submission's own process, so
 * that a hang or a crash has its outcome and its place; a submission could forge them, and would deceive nobody but its
 * author. Nothing that counts is graded so.
 *
 * @param root the repository or the student edition
 * @throws {LessonError} if the examples are not written as they must be
 */
export async function exampleChecks(root: string, lesson: Lesson): Promise<Check[]> {
  const examples = readExamples(root, lesson)
  const beside = await examplesScript(root, lesson)
  return examples.map(({ id, name, title }) => ({
    id,
    title,
    beside,
    body: (context) => runExample(context, name),
  }))
}

async function runExample({ room }: CheckContext, name: string): Promise<void> {
  const unmet: unknown = await answer(room<typeof StandIn>(EXAMPLES).call('runExample', name))
  if (unmet === undefined) return
  const { message, values } = Object(unmet) as { message?: unknown; values?: unknown }
  // The matcher's own sentence, without its remark on the kind of equality.
  const sentence = String(message)
    .slice(0, SENTENCE_CHARACTERS)
    .replace(/ \/\/ .*$/s, '')
  if (typeof values !== 'object' || values === null)
    throw new RoomError('AssertionError', sentence, {}, '', '')
  const { expected, seen } = values as { expected?: unknown; seen?: unknown }
  throw new Unmet(sentence, expected, seen)
}

/** Says of what went wrong that it was the example, and not a call of ours. */
async function answer<T>(call: PromiseLike<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof NeverSettles) throw new NeverSettles('the example', error.nextTimerMs)
    if (error instanceof RoomError)
      throw new RoomError(error.thrown, error.message, error.fields, error.trace, '')
    throw error
  }
}
