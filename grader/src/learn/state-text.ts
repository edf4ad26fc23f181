import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import { lessonsBelow } from '../course/needs.ts'
import { hasReference } from '../course/tree.ts'
import type { Check } from '../runner/check.ts'
import type { Verdict } from '../runner/verdict.ts'
import type { Link } from '../subject/link.ts'
import type { Colours } from './colours.ts'
import { courseStanding } from './course-standing.ts'
import { beginGrading } from './lesson-grader.ts'
import { type Progress, recordResult } from './progress.ts'
import { readRooms } from './read-rooms.ts'
import { lessonPage } from './screen.ts'

/** What is printed where there is no terminal to run the loop in. */
export interface StateJob {
  course: Course
  lesson: Lesson
  /** Points of this grading are added to it. */
  progress: Progress
  openLink: () => Link
  isolation: Verdict['isolation']
  loadChecks: (lesson: Lesson) => Promise<Check[]>
  examplesOnly: (lesson: Lesson) => boolean
  seed: number
  notes: readonly string[]
  /** In columns. */
  width: number
  colours: Colours
}

/** Grades the lesson once, and says in plain lines how things stand. */
export async function stateText(job: StateJob): Promise<string[]> {
  const { course, lesson, progress, openLink, loadChecks, seed, colours } = job
  const submission = readRooms(course)
  const onCheck = () => undefined
  const grading = beginGrading({ course, lesson, submission, seed, openLink, loadChecks, onCheck })
  const counted = await grading.result
  const own = await grading.ownStack()
  const result = counted && own ? { ...counted, own } : counted
  if (result) recordResult(progress, lesson, result)
  const { head, body } = lessonPage(
    {
      course: courseStanding(course, progress),
      lesson,
      below: lessonsBelow(course.lessons, lesson),
      next: course.lessons[course.lessons.indexOf(lesson) + 1],
      passedOnce: progress.passed.has(lesson.folder) && hasReference(course.root),
      result,
      running: undefined,
      examplesOnly: job.examplesOnly(lesson),
      hintsShown: progress.hints,
      hintsOf: undefined,
      typeProblems: [],
      isolation: job.isolation,
      notes: job.notes,
      message: undefined,
      interactive: false,
    },
    { columns: job.width, rows: Number.POSITIVE_INFINITY },
    colours,
  )
  const further = [
    `The lesson is in ${lesson.file}; your rooms are in work/.`,
    'In a terminal, npm start watches them and grades at each save.',
  ]
  return [...head, ...body, '', ...further.map((line) => ` ${line}`)]
}
