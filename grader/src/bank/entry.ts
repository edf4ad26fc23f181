import type { Lesson } from '../course/lesson.ts'
import type { Blame } from '../runner/blame.ts'
import type { Outcome } from '../runner/outcome.ts'

/** The classes of attack of the hostile submissions. */
export const ATTACK_CLASSES = [
  'reading',
  'forging',
  'denying',
  'reporting',
  'neighbours',
  'bypassing',
] as const

/** A class of attack. */
export type AttackClass = (typeof ATTACK_CLASSES)[number]

/** A submission with the verdict that it must get. */
export type Entry = WrongEntry | DifferentEntry | HostileEntry

/** Work of somebody with one misconception. */
export interface WrongEntry extends Expected {
  kind: 'wrong'
  /**
   * The room of an earlier lesson, the only one that it has, in which its fault is. Under the reference's rooms of its lesson
   * everything that counts passes, and some of it not over the own stack.
   */
  blame?: Blame
}

/** Right work of somebody who has not seen the reference. */
export interface DifferentEntry extends Expected {
  kind: 'different'
}

/** An attack. */
export interface HostileEntry extends Expected {
  kind: 'hostile'
  class: AttackClass
  /** What it tries, in one sentence. */
  attack: string
  /** The requirements that it is graded by; empty: by all of the lesson. */
  only: readonly string[]
  /** What is done to a copy of it first. */
  setup: readonly SetupStep[]
  /** What must be found in the part of the verdict that may differ. */
  run: RunExpectation
}

interface Expected {
  /** The name of its folder. */
  name: string
  /**
   * The folder of its rooms, from the root of the repository, with `/`: its own, or that of the wrong submission whose rooms
   * it takes.
   */
  folder: string
  /** Its `verdict.yaml`, from the root of the repository, with `/`. */
  file: string
  lesson: Lesson
  /** Exactly the requirements that fail, or all. */
  fails: 'all' | readonly string[]
  /** The outcomes of the checks that do not pass: each of these occurs, and no other. */
  outcomes: readonly Outcome[]
  /** Lines of `verdict.yaml`, from 1: where each key stands; 1 where it does not. */
  at: Readonly<Record<string, number>>
}

/** What git cannot hold. Paths are inside the submission's folder. */
export type SetupStep =
  /** A symbolic link. */
  | { do: 'link'; path: string; to: string }
  /** A named pipe. */
  | { do: 'fifo'; path: string }
  /** A file of that many zeros, which takes no room on the disk. */
  | { do: 'bytes'; path: string; size: number }
  /** Another name for the submission's folder. */
  | { do: 'named'; name: string }

/** Texts that must occur in some check's part of `run`. */
export interface RunExpectation {
  /** In what a room printed. */
  console?: string
  /** In a place where a check was stopped: `store.ts:12 in drain`. */
  stoppedAt?: string
}
