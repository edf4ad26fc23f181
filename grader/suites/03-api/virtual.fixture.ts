// Runs beside the rooms of a submission: what answers for a virtual kind.
import { alreadyExists, badRequest, conflict } from '#kit/status-error'
import type { Tell } from './told.fixture.ts'

/** How a method of a virtual kind goes, one call after the other, and then the last one for ever. */
export type Answers = (object | 'Conflict' | 'AlreadyExists' | 'BadRequest')[]

/** Which kinds are virtual. */
export interface VirtualSetup {
  /** By kind, what answers for it. */
  virtual?: Record<string, { get?: Answers; create?: Answers; update?: Answers }>
}

/** What answers for each virtual kind. */
export function virtualOf({ virtual = {} }: VirtualSetup, tell: Tell) {
  return Object.fromEntries(
    Object.entries(virtual).map(([kind, methods]) => [
      kind,
      {
        answersFor: kind,
        ...Object.fromEntries(
          Object.entries(methods).map(([method, answers]) => [
            method,
            async function (this: { answersFor?: string } | undefined, given: object, call: object) {
              // As a class would need it.
              if (this?.answersFor !== kind)
                throw new TypeError(`${method} of ${kind} was called without its object`)
              tell({ ...call, from: kind, call: method, given })
              const answer = answers.length > 1 ? answers.shift() : answers[0]
              const names = { group: '', resource: kind, kind }
              if (answer === 'Conflict') throw conflict(names, method)
              if (answer === 'AlreadyExists') throw alreadyExists(names, method)
              if (answer === undefined || answer === 'BadRequest') throw badRequest(`${kind} refuses`)
              return structuredClone(answer)
            },
          ]),
        ),
      },
    ]),
  )
}
