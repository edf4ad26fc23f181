import { seeded } from '#kit/random'
import { type ByReference, encode, type Tagged } from '../sandbox/codec.ts'
import { Malformed, type Op, type Report, type Request, type Script } from '../sandbox/protocol.ts'
import { exchange, loading, read } from './exchange.ts'
import { Lending } from './lending.ts'
import type { Line } from './link.ts'
import { OpenCalls } from './open-calls.ts'
import {
  type Call,
  type Handle,
  type Machine,
  type Room,
  RoomError,
  type Subject,
  type SubjectClock,
} from './subject.ts'
import { BudgetExceeded, VirtualTime } from './virtual-time.ts'

/** What the answers of one check may come to, in characters; read, they take some twenty times as much. */
const ANSWERS_LIMIT = 16 * 2 ** 20
/** How often one check may turn to its rooms. */
const EXCHANGES_LIMIT = 20_000
/** How many lessons with unwritten parts are kept. */
const STUBS_LIMIT = 100
/** How many entered pieces of the script are kept. */
const ENTERED_LIMIT = 100_000
/** How many errors that nobody caught are kept: the first one is reported. */
const UNCAUGHT_LIMIT = 10

/** The subject of one check, at the other end of a link. */
export class RemoteSubject implements Subject {
  readonly clock: SubjectClock
  readonly #line: Line
  readonly #script: Script | undefined
  readonly #time: VirtualTime
  readonly #ids = new WeakMap<object, number>()
  /** How what is ours crosses that does not cross as a copy. */
  readonly #tags = new WeakMap<object, Tagged>()
  readonly #lending = new Lending(
    (op) => this.#post(op),
    (problem) => this.#end(problem),
  )
  /** What is to be done on our own side when one of our own timers is due. */
  readonly #ours = new Map<number, () => void>()
  #lastTimer = 0
  #lastMachine = 0
  readonly #calls = new OpenCalls()
  #ops: Op[] = []
  /** For each op the calls that it carries out. */
  #carried: number[][] = []
  /** Whether what is posted joins the last op. */
  #joining = false
  #lastId = 0
  #underWay = 0
  #exchanges = 0
  /** Characters of all answers. */
  #answered = 0
  #tail: Promise<unknown> = Promise.resolve()
  #problem: Error | undefined
  /** The last that the rooms have set: the next one has a higher number. */
  #lastOfRooms = 0
  #began: boolean

  /** The lessons whose unwritten parts were entered. */
  readonly stubs = new Set<string>()
  /** The pieces of the script that were entered, by their numbers, where they are marked. */
  readonly entered = new Set<number>()
  /** What nobody caught, first come first. */
  readonly uncaught: RoomError[] = []

  /** @param script for a place that does not have it yet */
  constructor(line: Line, seed: number, script?: Script) {
    this.#line = line
    this.#script = script
    this.#began = script === undefined
    this.#time = new VirtualTime(seeded(seed))
    this.clock = this.#newClock()
  }

  /** What ended it, if anything did: a fault of the process, a broken rule of the channel, a budget. */
  get problem(): Error | undefined {
    return this.#problem
  }

  /** The errors of the first calls that threw, also of those that nobody awaited. */
  get rejections(): readonly RoomError[] {
    return this.#calls.rejections
  }

  /** Characters of all answers so far. */
  get answered(): number {
    return this.#answered
  }

  /** Whether the rooms' script came to its end. */
  get began(): boolean {
    return this.#began
  }

  /** Loads the rooms afresh. To be called once, first. */
  begin(): void {
    this.#post(['begin'])
  }

  /** Resolves once all that was asked for has been carried out. */
  async idle(): Promise<void> {
    while (!this.isIdle) await (this.#ops.length > 0 ? this.#deliver() : this.#tail)
  }

  /** Whether all that was asked for has been carried out. */
  get isIdle(): boolean {
    return this.#ops.length === 0 && this.#underWay === 0
  }

  /** Tells everybody who still waits that nothing will come. */
  giveUp(): void {
    const [earliest] = this.#time.due
    this.#calls.giveUp(earliest === undefined ? undefined : earliest - this.#time.nowMs)
  }

  room<R>(name: string): Room<R> {
    const room = {
      construct: (exported: string, ...args: unknown[]) => {
        const [id, remote] = this.#newRemote()
        this.#post(['construct', id, name, exported, this.#encode(args)])
        return remote
      },
      call: (exported: string, ...args: unknown[]) => this.#function(name, exported, args, 0),
      hold: (exported: string, ...args: unknown[]) => {
        const [id, remote] = this.#newRemote()
        this.#function(name, exported, args, id)
        return remote
      },
    }
    return room as unknown as Room<R>
  }

  hold<T>(value: T): Handle<T> {
    const [id, handle] = this.#newRemote()
    this.#post(['hold', id, this.#encode(value)])
    return handle as Handle<T>
  }

  read<T>(of: Handle<T>, property?: string): Call<never> {
    const label = () => (property === undefined ? 'reading a value' : `reading ${property}`)
    return this.#call(label, (call) => ['read', call, this.#idOf(of), property ?? null])
  }

  assign(target: Handle<unknown>, path: (string | number)[], value: unknown): Call<void> {
    const label = () => 'changing a value'
    return this.#call(label, (call) => ['assign', call, this.#idOf(target), path, this.#encode(value)])
  }

  together<T>(make: () => T): T {
    this.#post(['together', []])
    this.#joining = true
    try {
      return make()
    } finally {
      this.#joining = false
    }
  }

  lend<T extends object>(value: T, streams: readonly string[] = []): Handle<T> {
    return this.#lend(0, value, streams)
  }

  boot(): Machine {
    const machine = ++this.#lastMachine
    const clock = Object.freeze({})
    this.#tags.set(clock, { $: 'clock', v: { machine } })
    return {
      clock: clock as Machine['clock'],
      lend: (value, streams = []) => this.#lend(machine, value, streams),
      crash: () => {
        this.#lending.crash(machine)
        this.#post(['crash', machine])
        return this.idle()
      },
    }
  }

  #lend<T extends object>(machine: number, value: T, streams: readonly string[]): Handle<T> {
    const id = ++this.#lastId
    const isFunction = typeof value === 'function'
    this.#lending.lend(id, machine, value, streams)
    const handle = Object.freeze({})
    this.#tags.set(handle, { $: 'lent', v: isFunction ? { machine, id } : { machine, id, streams } })
    return handle as Handle<T>
  }

  #newClock(): SubjectClock {
    const clock = {
      now: () => this.#time.nowMs,
      pending: async () => {
        await this.idle()
        return this.#time.due
      },
      advance: async (ms: number) => {
        const untilMs = this.#time.nowMs + ms
        while (await clock.step(untilMs));
        this.#time.pass(untilMs)
      },
      next: () => this.#time.nextMs,
      step: async (untilMs: number) => {
        let stepped = false
        await this.#inTurn(async () => {
          await this.#drain()
          stepped = this.#due(untilMs)
          await this.#drain()
        })
        return stepped
      },
      setTimer: (delayMs: number, fire: () => void) => {
        const timer = --this.#lastTimer
        this.#ours.set(timer, fire)
        try {
          this.#time.set(timer, delayMs)
        } catch (error) {
          // What set it is ours, and not at fault.
          this.#end(error as Error)
        }
        return {
          cancel: () => {
            if (this.#ours.delete(timer)) this.#time.cancel(timer)
          },
        }
      },
    }
    this.#tags.set(clock, { $: 'clock', v: { machine: 0 } })
    return clock as unknown as SubjectClock
  }

  /**
   * Moves on to what is due next by `untilMs`, and sets it going: one timer, of ours or of the rooms'.
   *
   * @returns whether there was any
   */
  #due(untilMs: number): boolean {
    const timer = this.#time.next(untilMs)
    if (timer === undefined) return false
    const ours = this.#ours.get(timer)
    if (ours) {
      this.#ours.delete(timer)
      ours()
      return true
    }
    this.#post(['fire', timer])
    return true
  }

  /** Something held on the other side: any string property of it is a method. */
  #newRemote(): [id: number, remote: object] {
    const id = ++this.#lastId
    const remote: object = new Proxy(Object.freeze({}), {
      get: (_, name) => {
        // Asked by `await`, by JSON and by matchers of every object that they meet: it is none of theirs.
        if (typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name === 'asymmetricMatch')
          return undefined
        return this.#method(id, name)
      },
    })
    this.#ids.set(remote, id)
    return [id, remote]
  }

  #function(room: string, exported: string, args: unknown[], holdAs: number): Call<unknown> {
    return this.#call(
      () => `${exported}(${preview(args)})`,
      (call) => ['function', call, room, exported, this.#encode(args), holdAs],
      holdAs > 0,
    )
  }

  #method(target: number, name: string) {
    const make = (args: unknown[], patient: boolean, holdAs = 0) =>
      this.#call(
        () => `${name}(${preview(args)})`,
        (call) => ['call', call, target, name, this.#encode(args), holdAs],
        patient,
      )
    return Object.assign((...args: unknown[]) => make(args, false), {
      patient: (...args: unknown[]) => make(args, true),
      hold: (...args: unknown[]) => {
        const [id, remote] = this.#newRemote()
        make(args, true, id)
        return remote
      },
    })
  }

  #call<T>(label: () => string, op: (call: number) => Op, patient = false): Call<T> {
    const id = ++this.#lastId
    const answer = this.#calls.open<T>(id, label, patient)
    this.#post(op(id), id)
    return answer
  }

  #post(op: Op, call?: number): void {
    if (this.#ops.length === 0) setImmediate(() => void this.#deliver())
    const last = this.#ops.at(-1)
    if (this.#joining && last?.[0] === 'together') {
      last[1].push(op)
    } else {
      this.#ops.push(op)
      this.#carried.push([])
    }
    if (call !== undefined) this.#carried.at(-1)?.push(call)
  }

  #deliver(): Promise<void> {
    return this.#inTurn(() => this.#drain())
  }

  /** Delivers what is to be delivered now, and what comes of it, until nothing more comes. */
  async #drain(): Promise<void> {
    for (;;) {
      // What was lent answers from promises that are settled by now, or waits for time to pass.
      if (this.#lending.any) {
        await new Promise((resolve) => setImmediate(resolve))
        if (this.#problem) throw this.#problem
        if (this.#lending.work()) continue
      }
      if (this.#ops.length === 0) return
      await this.#exchangeQueued()
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    this.#underWay++
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => undefined)
    try {
      await turn
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#underWay--
    }
  }

  async #exchangeQueued(): Promise<void> {
    if (this.#ops.length === 0) return
    const ops = this.#ops
    const carried = this.#carried
    this.#ops = []
    this.#carried = []
    this.#calls.deliver(carried.flat())
    if (this.#script && !this.#began) await this.#exchange(loading(this.#line, this.#script))
    this.#began = true
    await this.#exchange(['run', this.#time.nowMs, ops], carried)
  }

  async #exchange(request: Request, carried: number[][] = []): Promise<void> {
    if (this.#problem) throw this.#problem
    if (++this.#exchanges > EXCHANGES_LIMIT)
      throw new BudgetExceeded(`more than ${EXCHANGES_LIMIT} things happened in one check`)
    const report = await exchange(this.#line, request, (characters) => this.#count(characters))
    read(() => this.#take(report, carried))
  }

  #count(characters: number): void {
    this.#answered += characters
    if (this.#answered > ANSWERS_LIMIT)
      throw new BudgetExceeded(
        `the room's answers in one check came to more than ${ANSWERS_LIMIT / 2 ** 20} MiB`,
      )
  }

  #take(report: Report, carried: number[][]): void {
    for (const [timer, delayMs] of report.timers) {
      if (timer <= this.#lastOfRooms) throw new Malformed('a timer has the number of another')
      this.#lastOfRooms = timer
      this.#time.set(roomsTimer(timer), delayMs)
    }
    for (const timer of report.cancelled) this.#time.cancel(roomsTimer(timer))
    for (const stub of report.stubs) if (this.stubs.size < STUBS_LIMIT) this.stubs.add(stub)
    for (const number of report.entered) if (this.entered.size < ENTERED_LIMIT) this.entered.add(number)
    for (const { name, message, stack } of report.uncaught.slice(0, UNCAUGHT_LIMIT - this.uncaught.length))
      this.uncaught.push(new RoomError(name, message, {}, stack, ''))
    this.#calls.settle(report.settled, carried)
    this.#lending.take(report.asked)
  }

  #end(problem: Error): void {
    this.#problem ??= problem
    this.#ops = []
    this.#carried = []
    this.#calls.fail(this.#problem)
  }

  #encode(value: unknown): unknown {
    const byReference: ByReference = (object) => {
      const id = this.#ids.get(object)
      return id === undefined ? this.#tags.get(object) : { $: 'held', v: id }
    }
    return encode(value, byReference)
  }

  #idOf(handle: Handle<unknown>): number {
    const id = this.#ids.get(handle)
    if (id === undefined) throw new Error('this is no handle of this check')
    return id
  }
}

/** Ours have numbers below 0, and are none of theirs. */
function roomsTimer(timer: number): number {
  if (timer <= 0) throw new Malformed('a timer is of no known number')
  return timer
}

/** What JSON has no words for. */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return value === undefined ? null : value
}

function preview(args: unknown[]): string {
  const texts = args.map((arg) =>
    arg === undefined ? 'undefined' : (JSON.stringify(arg, (_, value) => spelled(value)) ?? '…'),
  )
  const text = texts.join(', ')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
