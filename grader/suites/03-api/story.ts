// What a check did with its API, step by step: told where it fails, so that the situation is known.
import type { CheckContext } from '../../src/runner/check.ts'
import { type Call, NeverSettles, RoomError } from '../../src/subject/subject.ts'
import type { Setup } from './bench.fixture.ts'
import { answerText, begins, ofWatch, requests, sentText, type Verb } from './sentences.ts'

/** Put into words where it is told: most checks pass. */
interface Step {
  atMs: number
  who: string
  what: () => string
  /** What came of it, as the rest of the sentence; `undefined`: it is not written yet. */
  result: () => string | undefined
  sent: () => string
  /** Whether it was done at the same time as the one before it. */
  isJoined: boolean
  /** Whether it is a call that has not been carried out yet. */
  isUnderWay: boolean
  /** If it was answered later: when, in the course of which step, and how that is said. */
  late?: { atMs: number; during: Step; what: string }
}

const nothing = () => ''

interface Method {
  (...args: unknown[]): Call<unknown>
  hold(...args: unknown[]): object
  patient(...args: unknown[]): Call<unknown>
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
  /** Whether the next step is done at the same time as others, and as the one before it. */
  #joining: 'first' | 'others' | undefined
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

  /** Has calls made at the same time. */
  together<T>(make: () => T): T {
    this.#joining = 'first'
    try {
      return this.#subject.together(make)
    } finally {
      this.#joining = undefined
    }
  }

  /** @returns what tells the story as far as it has come now, and until the last call is answered */
  mark(): () => void {
    const steps = this.#steps
    const last = steps.at(-1)
    return () => {
      // What is not written yet explains itself.
      if (steps.some(({ result }) => result() === undefined)) return
      const ends = steps.filter((step) => step === last || step === last?.late?.during)
      const told = steps.slice(0, steps.lastIndexOf(ends.at(-1) as Step) + 1)
      let before = ''
      const tell = (atMs: number, who: string, sentence: string) => {
        // Of several that wait for the same, one is enough.
        if (sentence !== before) this.#subject.trace.add(who, sentence).atMs = atMs
        before = sentence
      }
      for (const step of told) {
        const { atMs, who, late, isJoined } = step
        const sent = step.sent()
        const what = `${isJoined ? 'at the same time ' : ''}${step.what()}`
        tell(atMs, who, `${what}${late ? '' : step.result()}${sent && `; sent ${sent}`}`)
        for (const { who, late, result } of told)
          if (late?.during === step) tell(late.atMs, who, `${late.what}${result()}`)
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

  #told(method: Method, { who = 'the check', says, sends, opens, hears }: Verb) {
    const tell = (args: unknown[], result = nothing) => {
      const what = () => says(...(args as never[]))
      return this.#add(who, what, result, () => sentText(sends?.(...(args as never[]))))
    }
    const call = (...args: unknown[]) => {
      const step = tell(args, () => ': no answer')
      const answer = method(...args)
      step.isUnderWay = true
      const carriedOut = () => {
        step.isUnderWay = false
      }
      answer.settled().then(carriedOut, carriedOut)
      const came = (result: Step['result']) => {
        step.result = result
        if (!step.isUnderWay && hears)
          step.late = { atMs: this.#nowMs, during: this.#underWay(), what: hears }
      }
      answer.then(
        (value) => came(() => answerText(value)),
        (error: unknown) => {
          if (!(error instanceof NeverSettles)) came(() => errorText(error))
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
    const isJoined = this.#joining === 'others'
    if (this.#joining) this.#joining = 'others'
    const step = { atMs: this.#nowMs, who, what, result, sent, isJoined, isUnderWay: false }
    this.#steps.push(step)
    return step
  }

  /** The step in the course of which things happen now: if none is under way, time passes after the last one. */
  #underWay(): Step {
    return this.#steps.find(({ isUnderWay }) => isUnderWay) ?? (this.#steps.at(-1) as Step)
  }

  get #nowMs(): number {
    return this.#subject.clock.now() - this.#beginMs
  }
}

function errorText(error: unknown): string | undefined {
  if (!(error instanceof RoomError)) return ''
  if (error.thrown === 'NotYet') return undefined
  const { status } = error.fields as { status?: { reason?: unknown; code?: unknown } }
  return error.thrown === 'StatusError'
    ? `: ${[status?.code, status?.reason].filter(Boolean).join(' ')}`
    : `: ${error.thrown}`
}
