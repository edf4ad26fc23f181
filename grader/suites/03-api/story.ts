// What a check did with its API, step by step: told where it fails, so that the situation is known.
import type { CheckContext } from '../../src/runner/check.ts'
import { NeverSettles, RoomError } from '../../src/subject/subject.ts'
import type { Setup } from '../03-api.fixture.ts'
import { answerText, begins, ofWatch, requests, sentText, type Verb } from './sentences.ts'

/** Put into words where it is told: most checks pass. */
interface Step {
  atMs: number
  who: string
  what: () => string
  /** What came of it, as the rest of the sentence; `undefined`: it is not written yet. */
  result: () => string | undefined
  sent: () => string
}

const nothing = () => ''

interface Method {
  (...args: unknown[]): PromiseLike<unknown>
  hold(...args: unknown[]): object
  patient(...args: unknown[]): PromiseLike<unknown>
}

const stories = new WeakMap<CheckContext, Story>()

/** The story of a check. */
export function storyOf(subject: CheckContext): Story {
  const story = stories.get(subject) ?? new Story(subject)
  stories.set(subject, story)
  return story
}

/** What was done with the API that a check has made last. */
export class Story {
  readonly #subject: CheckContext
  readonly #beginMs: number
  #steps: Step[] = []
  #watches = 0
  readonly #endings = new WeakMap<Error, () => void>()

  constructor(subject: CheckContext) {
    this.#subject = subject
    this.#beginMs = subject.clock.now()
  }

  /** Tells of a new API. What was done with another one does not matter for it. */
  begin<T extends object>(api: T, setup: Setup): T {
    this.#steps = []
    this.#watches = 0
    for (const [who, what] of begins(setup)) this.#add(who, () => what)
    return this.#telling(api, requests)
  }

  /** @returns what tells the story as far as it has come now */
  mark(): () => void {
    const steps = this.#steps
    const { length } = steps
    return () => {
      // What is not written yet explains itself.
      if (steps.some(({ result }) => result() === undefined)) return
      let last = ''
      for (const step of steps.slice(0, length)) {
        const { atMs, who } = step
        const sent = step.sent()
        const sentence = `${step.what()}${step.result()}${sent && `; sent ${sent}`}`
        // Of several that wait for the same, one is enough.
        if (sentence !== last) this.#subject.trace.add(who, sentence).atMs = atMs
        last = sentence
      }
    }
  }

  /** Remembers what is to be told should a check end with this error. */
  endsWith(error: unknown, tell: () => void): void {
    if (error instanceof Error) this.#endings.set(error, tell)
  }

  /** Tells what led to an error; of one that nobody knows, all that was done. */
  tellOf(error: unknown): void {
    const tell = error instanceof Error ? this.#endings.get(error) : undefined
    tell ? tell() : this.mark()()
  }

  /** The same API, or watch; what is called of it is told. */
  #telling<T extends object>(remote: T, verbs: Record<string, Verb>): T {
    return new Proxy(remote, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        const verb = Object.hasOwn(verbs, name) ? verbs[String(name)] : undefined
        return verb ? this.#told(method as Method, verb) : method
      },
    })
  }

  #told(method: Method, { who = 'the check', says, sends, opens }: Verb) {
    const tell = (args: unknown[], result = nothing) => {
      const what = () => says(...(args as never[]))
      return this.#add(who, what, result, () => sentText(sends?.(...(args as never[]))))
    }
    const call = (...args: unknown[]) => {
      const step = tell(args, () => ': no answer')
      const answer = method(...args)
      answer.then(
        (value) => {
          step.result = () => answerText(value)
        },
        (error: unknown) => {
          step.result = () => errorText(error)
        },
      )
      return answer
    }
    return Object.assign(call, {
      hold: (...args: unknown[]) => {
        const held = method.hold(...args)
        // What else is held goes to where only itself is known.
        if (!opens) {
          tell(args)
          return held
        }
        const number = ++this.#watches
        tell(args, () => `: watch ${number}`)
        return this.#telling(held, ofWatch(number))
      },
      patient: (...args: unknown[]) => {
        tell(args)
        return method.patient(...args)
      },
    })
  }

  #add(who: string, what: () => string, result: Step['result'] = nothing, sent = nothing): Step {
    const step = { atMs: this.#subject.clock.now() - this.#beginMs, who, what, result, sent }
    this.#steps.push(step)
    return step
  }
}

function errorText(error: unknown): string | undefined {
  if (error instanceof NeverSettles) return ': no answer'
  if (!(error instanceof RoomError)) return ''
  if (error.thrown === 'NotYet') return undefined
  const { status } = error.fields as { status?: { reason?: unknown; code?: unknown } }
  return error.thrown === 'StatusError'
    ? `: ${[status?.code, status?.reason].filter(Boolean).join(' ')}`
    : `: ${error.thrown}`
}
