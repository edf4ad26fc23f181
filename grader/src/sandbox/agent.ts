/**
 * The submission's side of the channel: does what the grader asks, lets the room run until nothing in it can
 * run any more, and reports what happened. It runs in the submission's own realm and is trusted with nothing:
 * whoever takes it over can only answer for the submission, which is what a submission does anyway.
 */
import { PushedStream } from '#cluster/world/pushed-stream'
import { ambient } from './ambient.ts'
import { decode, encode } from './codec.ts'
import { lock, lockAll, lockName } from './lock.ts'
import { type Loading, type Numbered, type Op, PRINTED, type Printed, type Report } from './protocol.ts'
import { quickClone } from './quick-clone.ts'
import { type Loaded, nothing, Session } from './session.ts'
import { showRoomsOnly } from './shown-stack.ts'
import { takeAway } from './take-away.ts'
import { show } from './thrown.ts'

/** What the process (or the grader's own, for the in-process driver) lends to the agent. */
export interface AgentHost {
  /** Sends the answer to the request. */
  reply(line: string): void
  /** Sends something that was printed. */
  log(line: string): void
  /** Calls back when every promise job has run. */
  settle(then: () => void): void
  /** Runs a script in this realm, and returns its value. */
  evaluate(source: string, filename: string): unknown
  /** Set by the agent: called with an error that nobody caught. */
  onFault?: (error: unknown) => void
}

/** @returns what is to be called with each line that the grader sends */
export function startAgent(host: AgentHost): (line: string) => void {
  let makeRooms: () => Loaded = () => ({ rooms: {}, enteredStubs: () => [] })
  /** Numbers are given once, so that nothing is taken for what had it in an earlier check. */
  const numbers = { last: 0 }
  const sessions = new Map<number, Session>()
  /** Whose rooms run now: what nobody catches is theirs. */
  let session = new Session(0, makeRooms, numbers)

  /** What makes the rooms; where their script fails, it fails so each time. */
  function maker({ given, rooms }: Loading): () => Loaded {
    try {
      if (given !== undefined) host.evaluate(given, 'given.js')
      // What a room would change of it, its fixture would import.
      lockAll([realm.kit])
      lockName(realm, 'kit')
      tellStacks(rooms)
      return host.evaluate(rooms, 'rooms.js') as () => Loaded
    } catch (error) {
      return () => {
        throw error
      }
    }
  }

  /** A session in the place of the one before it. */
  function begin(slot: number): Session {
    sessions.get(slot)?.end()
    const fresh = new Session(slot, makeRooms, numbers)
    sessions.set(slot, fresh)
    return fresh
  }

  function run(ops: Op[], index: number, nowMs: number, done: () => void): void {
    const op = ops[index]
    if (!op) {
      done()
      return
    }
    session.deliver(op, index, nowMs)
    host.settle(() => run(ops, index + 1, nowMs, done))
  }

  host.onFault = (error) => session.uncaught(error)

  const realm = globalThis as unknown as Record<string, unknown>
  const print = (...values: unknown[]) => {
    const lines = session.print()
    if (lines > PRINTED.lines) return
    const text = lines === PRINTED.lines ? '… and more' : values.map(show).join(' ')
    const printed: Printed = [session.slot, text.slice(0, PRINTED.characters)]
    host.log(JSON.stringify(printed))
  }
  realm.console = { debug: print, error: print, info: print, log: print, warn: print }
  realm.structuredClone = quickClone((realm.structuredClone as typeof copy | undefined) ?? copy)
  Object.assign(realm, ambient())
  realm.queueMicrotask = microtask(realm.queueMicrotask as typeof queueMicrotask | undefined)
  takeAway(realm)
  const tellStacks = showRoomsOnly()
  lock(realm)
  // The one class of ours that a room gets objects of.
  lockAll([PushedStream])

  // Counted once what is given has been run: what is more then is the rooms'.
  let names = 0
  const inherited = Object.getPrototypeOf(realm)
  const touches = () => Reflect.ownKeys(realm).length !== names || Object.getPrototypeOf(realm) !== inherited

  return (line) => {
    const [number, slot, request] = JSON.parse(line) as Numbered
    const reply = (happened: Omit<Report, 'slot' | 'answers'>) => {
      const answer: Report = { slot, answers: number, ...happened }
      host.reply(JSON.stringify(answer))
    }
    const report = () => reply({ touches: false, ...session.report() })
    switch (request[0]) {
      case 'load':
        makeRooms = maker(request[1])
        names = Reflect.ownKeys(realm).length
        session = begin(slot)
        session.load()
        host.settle(report)
        break
      case 'look':
        reply({ touches: touches(), ...nothing() })
        break
      case 'run': {
        const [, nowMs, ops] = request
        const known = ops[0]?.[0] === 'begin' ? undefined : sessions.get(slot)
        session = known ?? begin(slot)
        run(ops, 0, nowMs, report)
      }
    }
  }
}

/** The host's, whose errors are of classes that are open. */
function microtask(host?: (job: () => void) => void) {
  return (job: () => void): void => {
    if (typeof job !== 'function') throw new TypeError('queueMicrotask() takes a function')
    if (host) host(job)
    else void Promise.resolve().then(job)
  }
}

/** What `structuredClone` does with plain data, for a realm that comes without it. */
function copy(value: unknown): unknown {
  return decode(encode(value), undefined)
}
