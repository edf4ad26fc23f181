import type { Bank } from '../bank/bank.ts'
import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Problem } from '../course/lesson-error.ts'
import type { RoomService } from '../types/room-service.ts'
import type { Grading } from './grading.ts'

/** What a part of the proof found. */
export interface Finding {
  /** What was looked at, in words: `2 lessons, 27 requirements`. */
  counted: string
  /** How many things were looked at. */
  checked: number
  problems: Problem[]
  /** What this machine, or an earlier problem, did not allow to look at, as sentences. */
  skipped: string[]
}

/** What the parts stand on. */
export interface Kit {
  root: string
  /** The lessons that could be read; where only some are asked for, these and those below them. */
  course: Course
  /** The lessons that are looked at. */
  lessons: readonly Lesson[]
  /** Whether all lessons are looked at, and could be read. */
  whole: boolean
  /** The submissions that could be read. */
  bank: Bank
  /** A compiler over the rooms. */
  types: RoomService
  /** Grades for the proof. */
  grading: Grading
}

/** One part of the proof that the kit holds what it promises. */
export interface Part {
  /** A few words that name what is proven. */
  name: string
  run: (kit: Kit) => Promise<Finding>
}

/** "1 lesson", "2 lessons". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
