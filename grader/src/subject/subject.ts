/**
 * What a suite speaks to: the rooms of one submission, wherever they run.
 *
 * Everything here crosses as copies of plain data. What is to stay on the submission's side (an object that
 * has methods; a value whose identity matters) is held there, and named here by a handle.
 */

import { type Frame, framesOf } from '../sandbox/stack-frames.ts'

declare const held: unique symbol

/** Stands for something that is held on the submission's side. May be passed wherever a `T` is expected. */
export interface Handle<T> {
  readonly [held]: T
}

/** What may be passed for an argument. */
export type Passed<A extends unknown[]> = { [K in keyof A]: A[K] | Handle<A[K]> }

/**
 * The answer to a call. Calls are carried out in the order in which they were made, each until nothing in
 * the submission can run any more. They set out when one of them is awaited, so calls that do not need each
 * other's answers are best made first and awaited after.
 *
 * It rejects with a {@link RoomError} if the call threw, and with {@link NeverSettles} if it is awaited while
 * it cannot settle: nothing runs, and no time passes but by `clock.advance`.
 */
export interface Call<T> extends PromiseLike<T> {
  /** How the call stands once everything before it has run; never rejects. */
  settled(): Promise<Settlement<T>>
  /** Says that its error is what the check waits for: it is no cause of what fails later. */
  meant(): void
}

/** How a call stands. */
export type Settlement<T> =
  | { status: 'pending' }
  | { status: 'resolved'; value: T }
  | { status: 'rejected'; error: RoomError }

type Method = (...args: never[]) => unknown

/** A method of something that is held: called with copies, it answers with a copy. */
export interface RemoteMethod<A extends unknown[], R> {
  (...args: Passed<A>): Call<Awaited<R>>
  /** The same call, but what it returns (or resolves to) stays on the submission's side. */
  hold(...args: Passed<A>): Remote<Awaited<R>>
  /** The same call, which may stay unanswered for as long as the check goes on: nobody is told that it never settles. */
  patient(...args: Passed<A>): Call<Awaited<R>>
}

/** Something that is held, with its methods. */
export type Remote<T> = Handle<T> & {
  readonly [K in keyof T as T[K] extends Method ? (K extends string ? K : never) : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? RemoteMethod<A, R>
    : never
}

type ClassName<R> = {
  [K in keyof R]: R[K] extends abstract new (...args: never[]) => unknown ? K : never
}[keyof R]
type FunctionName<R> = { [K in keyof R]: R[K] extends Method ? K : never }[keyof R]

/** A room's module. */
export interface Room<R> {
  /** Makes an instance of an exported class. That it failed shows in the first call of the instance. */
  construct<K extends ClassName<R> & string>(
    name: K,
    ...args: R[K] extends abstract new (...args: infer A) => unknown ? Passed<A> : never
  ): R[K] extends abstract new (...args: never[]) => infer I ? Remote<I> : never

  /** Calls an exported function. */
  call<K extends FunctionName<R> & string>(
    name: K,
    ...args: R[K] extends (...args: infer A) => unknown ? Passed<A> : never
  ): R[K] extends (...args: never[]) => infer O ? Call<Awaited<O>> : never

  /** The same, but what it returns (or resolves to) stays on the submission's side. */
  hold<K extends FunctionName<R> & string>(
    name: K,
    ...args: R[K] extends (...args: infer A) => unknown ? Passed<A> : never
  ): R[K] extends (...args: never[]) => infer O ? Remote<Awaited<O>> : never
}

/** The submission's clock: virtual, and moved only from here. Pass it where a `Clock` is expected. */
export interface SubjectClock extends Handle<import('#kit/clock').Clock> {
  /** Milliseconds since 1970. */
  now(): number
  /** Timers that are set and have neither fired nor been cancelled, as their due times, earliest first. */
  pending(): Promise<number[]>
  /**
   * Moves on by `ms`, firing one due timer after the other, each until nothing can run any more. Timers
   * that are due at the same instant fire in an order that the seed decides.
   */
  advance(ms: number): Promise<void>
  /** When the next thing is due, of the rooms or of the check's own; `undefined`: never. */
  next(): number | undefined
  /**
   * Moves on to what is due next, by `untilMs` at the latest, and lets one thing happen.
   *
   * @returns whether there was any; if not, no time has passed
   */
  step(untilMs: number): Promise<boolean>
  /** Sets a timer of the check's own. */
  setTimer: import('#kit/clock').Clock['setTimer']
}

/** A place where a component runs, with what it has of the world: a clock, and what it is lent. It can crash. */
export interface Machine {
  readonly clock: Handle<import('#kit/clock').Clock>
  lend: Subject['lend']
  /**
   * Ends it at once: nothing that was lent to it answers any more, none of its timers fires, and the rooms that are
   * loaded from now on remember nothing.
   */
  crash(): Promise<void>
}

/** One submission's rooms, freshly loaded: no check sees what another left behind. */
export interface Subject {
  readonly clock: SubjectClock

  /** @typeParam R the room's module: `typeof import('#rooms/store')` */
  room<R>(name: string): Room<R>

  /** Makes a copy of `value` on the submission's side, to be passed by identity and changed with `assign`. */
  hold<T>(value: T): Handle<T>

  /** Reads a copy of what is held, or of one of its properties. */
  read<T>(of: Handle<T>): Call<T>
  read<T, K extends keyof T & string>(of: Handle<T>, property: K): Call<T[K]>

  /**
   * Delivers the calls that `make` makes as one: all of them before anything that they started goes on. So two
   * callers race; everywhere else a call runs until it waits for something from outside.
   */
  together<T>(make: () => T): T

  /**
   * Lends the rooms something of the check's: a function, or an object with methods. Their calls cross as copies of
   * plain data, and answer with promises; an error crosses with its fields.
   *
   * @param streams the methods that return streams, such as a client's `watch`
   */
  lend<T extends object>(value: T, streams?: readonly string[]): Handle<T>

  /** A machine of its own for a component. */
  boot(): Machine

  /** Changes, on the submission's side, what is found along `path` inside what is held. */
  assign(target: Handle<unknown>, path: (string | number)[], value: unknown): Call<void>
}

/** An error that a room threw, as it came across. */
export class RoomError extends Error {
  /** The error's own name, such as `RevisionConflict`. */
  readonly thrown: string
  /** The error's own fields, as plain data. */
  readonly fields: Record<string, unknown>
  /** Its stack, as it was written on the other side: untrusted. */
  readonly trace: string
  /** What was called, such as `store.put("/a", …)`. */
  readonly call: string

  constructor(thrown: string, message: string, fields: Record<string, unknown>, trace: string, call: string) {
    // Where the grader was when it heard of it tells nobody anything, and takes long to find out.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
    this.thrown = thrown
    this.fields = fields
    this.trace = trace
    this.call = call
  }

  /** Its stack as positions in the bundle, innermost first. */
  get frames(): Frame[] {
    return framesOf(this.trace)
  }
}

/** Somebody waits for what can never come. */
export class NeverSettles extends Error {
  /** What was called. */
  readonly call: string
  /** When the next timer is due, in ms from now; `undefined` if none is set. */
  readonly nextTimerMs: number | undefined

  constructor(call: string, nextTimerMs: number | undefined) {
    super(`${call} never settles`)
    this.call = call
    this.nextTimerMs = nextTimerMs
  }
}
