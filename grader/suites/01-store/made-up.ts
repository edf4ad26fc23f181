// Rows of calls that are made up from the seed: of few keys and prefixes, so that they meet.
import fc from 'fast-check'
import { Model } from './model.ts'
import type { Step } from './row.ts'

/** A call, which may depend on those before it; none, if there is nothing to call just then. */
interface Command {
  callIn(model: Model): Step | undefined
  toString(): string
}

function command(callIn: (model: Model) => Step | undefined): Command {
  let step: Step | undefined
  return {
    callIn: (model) => {
      step = callIn(model)
      return step
    },
    toString() {
      const [method, ...args] = step ?? ['nothing']
      return `${method}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`
    },
  }
}

const keys = fc.constantFrom('/a', '/a/x', '/ab', '/b')
const prefixes = fc.constantFrom('', '/a', '/a/', '/ab', '/c')
const numbers = fc.nat(99)

/** Mostly the number of the write; now and then a value that is easily taken for none. */
const values = fc.constantFrom(undefined, undefined, undefined, undefined, null, 0, '', false)
const puts = fc
  .tuple(keys, values)
  .map(([key, value]) =>
    command(({ revision }) => ['put', key, value === undefined ? { write: revision + 1 } : value]),
  )

/** Deletes a key that is there. */
const removals = keys.map((key) => command(({ latest }) => (latest.has(key) ? ['delete', key] : undefined)))

const gets = fc
  .tuple(keys, numbers)
  .map(([key, number]) => command((model) => ['get', key, { revision: upTo(model, 1, number) }]))
const lists = fc
  .tuple(prefixes, numbers)
  .map(([prefix, number]) => command((model) => ['list', prefix, { revision: upTo(model, 1, number) }]))
const compactions = numbers.map((number) => command((model) => ['compact', upTo(model, 1, number)]))
const watches = fc
  .tuple(prefixes, numbers)
  .map(([prefix, number]) => command((model) => ['watch', prefix, { after: upTo(model, 2, number) }]))

/** Calls `next()` of a watch, if one was opened and no `next()` of it waits. */
const nexts = numbers.map((number) =>
  command((model) => {
    const index = number % model.watches.length
    const opened = model.watches[index]
    return opened && opened.nexts.length <= model.due(opened).length ? ['next', index + 1] : undefined
  }),
)

/** A revision that there was, or now and then one of the first that are yet to come. */
const upTo = ({ revision }: Model, ahead: number, number: number) => 1 + (number % (revision + ahead))

const rowOf = (...commands: fc.Arbitrary<Command>[]) =>
  fc.array(fc.oneof(...commands), { maxLength: 25, size: 'max' })

/** Writes, and reads of the past. */
export const reading = rowOf(puts, puts, removals, gets, lists)
/** Writes, and watches that are read meanwhile. */
export const watching = rowOf(puts, puts, removals, watches, nexts, nexts)
/** Writes, and reads of the past between compactions. */
export const compactingReads = rowOf(puts, puts, removals, gets, lists, lists, compactions)
/** Writes, and watches that are read between compactions. */
export const compactingWatches = rowOf(puts, puts, removals, watches, nexts, nexts, compactions)

/** The row of calls, at whose end every watch is read to its end. */
export function play(commands: readonly Command[]): Model {
  const model = new Model()
  for (const command of commands) {
    const step = command.callIn(model)
    if (step) model.add(step)
  }
  for (const opened of model.watches) {
    // Whoever waits gets something to wait for, and one event more tells a repeat from silence.
    do model.add(['put', `${opened.prefix}/last`, { write: model.revision + 1 }])
    while (model.due(opened).length <= opened.nexts.length)
  }
  for (const [index, opened] of model.watches.entries()) {
    while (opened.nexts.length < model.due(opened).length) model.add(['next', index + 1])
  }
  return model
}
