import { decode } from '../sandbox/codec.ts'
import { Malformed, type Settled, type Thrown } from '../sandbox/protocol.ts'
import { type Call, NeverSettles, RoomError, type Settlement } from './subject.ts'

/** How many errors of calls are kept. */
const REJECTIONS_LIMIT = 100

/** A call that was made, and how to tell whoever waits for it. */
interface OpenCall {
  label: () => string
  /** Whether the other side knows of it. */
  delivered: boolean
  /** Whether it may stay unanswered. */
  patient: boolean
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  /** Says how it stood when it had been carried out, for whoever asks: few do. */
  stands: (read: () => Settlement<unknown>) => void
  fail: (error: unknown) => void
}

/** The calls of one check that have not settled, and those who wait for them. */
export class OpenCalls {
  readonly #calls = new Map<number, OpenCall>()
  /** Calls that nobody waits for any more, but that may be answered. */
  readonly #givenUp = new Set<number>()

  readonly #rejections: { id: number; error: RoomError }[] = []
  /** Calls whose error was what the check waited for. */
  readonly #meant = new Set<number>()

  /**
   * The errors of the first calls that threw, without their fields; also of those that nobody awaited. Those that the check was
   * right to wait for are left out.
   */
  get rejections(): RoomError[] {
    return this.#rejections.filter(({ id }) => !this.#meant.has(id)).map(({ error }) => error)
  }

  /**
   * @param label what is told of the call, if anything has to be: `put("/a", 1)`
   * @param patient whether it may stay unanswered
   */
  open<T>(id: number, label: () => string, patient = false): Call<T> {
    const answer = deferred<T>()
    const carriedOut = deferred<Settlement<T>>()
    let stood: (() => Settlement<unknown>) | undefined
    let isAsked = false
    const tell = () => {
      if (stood && isAsked) carriedOut.resolve(stood() as Settlement<T>)
    }
    this.#calls.set(id, {
      label,
      delivered: false,
      patient,
      resolve: (value) => answer.resolve(value as T),
      reject: answer.reject,
      stands(read) {
        stood = read
        tell()
      },
      fail: carriedOut.reject,
    })
    const settled = () => {
      isAsked = true
      tell()
      return carriedOut.promise
    }
    return Object.assign(answer.promise, { settled, meant: () => void this.#meant.add(id) })
  }

  /** From now on the other side may answer these. */
  deliver(ids: readonly number[]): void {
    for (const id of ids) {
      const call = this.#calls.get(id)
      if (call) call.delivered = true
    }
  }

  /**
   * Tells whoever waits what a report says of their calls, in the order in which it happened: the answers that an op brought,
   * and then how the calls that it carried out stood.
   *
   * @param carried for each op of the request the calls that it carried out
   * @throws {Malformed} if it answers what nobody waits for, or a value cannot be read
   */
  settle(report: readonly Settled[], carried: readonly (readonly number[])[]): void {
    const settledBy = new Map(report.map((settled) => [settled.call, settled]))
    const standing = carried.map((ids) =>
      ids.map((id) => ({ call: this.#calls.get(id), settled: settledBy.get(id) })),
    )
    let told = 0
    for (const [op, calls] of standing.entries()) {
      for (let next = report[told]; next && next.op <= op; next = report[++told]) this.#answer(next)
      for (const { call, settled } of calls)
        call?.stands(() =>
          settled && settled.op <= op ? settlementOf(settled, call) : { status: 'pending' },
        )
    }
    for (const settled of report.slice(told)) this.#answer(settled)
  }

  #answer(settled: Settled): void {
    if (this.#givenUp.delete(settled.call)) return
    const call = this.#calls.get(settled.call)
    if (!call?.delivered) throw new Malformed('an answer came that nobody waits for')
    this.#calls.delete(settled.call)
    const settlement = settlementOf(settled, call)
    if (settlement.status === 'resolved') call.resolve(settlement.value)
    if (settlement.status === 'rejected') {
      if (this.#rejections.length < REJECTIONS_LIMIT)
        this.#rejections.push({ id: settled.call, error: withoutFields(settlement.error) })
      call.reject(settlement.error)
    }
  }

  /**
   * Tells everybody who still waits that nothing will come.
   *
   * @param nextTimerMs when the next timer is due, in ms from now; `undefined` if none is set
   */
  giveUp(nextTimerMs: number | undefined): void {
    for (const [id, call] of this.#calls) {
      if (call.patient) continue
      call.reject(new NeverSettles(call.label(), nextTimerMs))
      this.#givenUp.add(id)
      this.#calls.delete(id)
    }
  }

  /** Tells everybody who still waits that there is nobody any more who could answer. */
  fail(problem: Error): void {
    for (const call of this.#calls.values()) {
      call.reject(problem)
      call.fail(problem)
    }
    this.#calls.clear()
  }
}

function withoutFields({ thrown, message, trace, call }: RoomError): RoomError {
  return new RoomError(thrown, message, {}, trace, call)
}

/** An error that came across; what cannot be read of its fields is left out. */
function roomError({ name, message, fields, stack }: Thrown, call: string): RoomError {
  return new RoomError(name, message, fieldsOf(fields), stack, call)
}

function fieldsOf(encoded: unknown): Record<string, unknown> {
  try {
    const decoded = decode(encoded)
    // Spread, a text would be a field for each of its characters.
    return isFields(decoded) ? decoded : {}
  } catch {
    return {}
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function settlementOf(settled: Settled, { label }: OpenCall): Settlement<unknown> {
  if (settled.status === 'rejected') return { status: 'rejected', error: roomError(settled.error, label()) }
  try {
    return { status: 'resolved', value: decode(settled.value) }
  } catch (error) {
    throw new Malformed('a value came that cannot be read', { cause: error })
  }
}

function deferred<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // Nobody has to wait for it, and then its failure is nobody's surprise.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
