import type { Course } from '../course/course.ts'
import type { Lesson } from '../course/lesson.ts'
import type { Points } from '../runner/verdict.ts'
import { sum } from '../runner/verdict.ts'
import type { Progress } from './progress.ts'
import type { CourseStanding } from './screen.ts'

/** The most that a learner ever had in a lesson. */
export function bestPoints({ requirements }: Lesson, { best }: Progress): Points {
  return sum(
    requirements.map(({ id, points }) => ({ earned: Math.min(points, best.get(id) ?? 0), possible: points })),
  )
}

/** How far a learner has come in the whole course. */
export function courseStanding({ lessons }: Course, progress: Progress): CourseStanding {
  return {
    points: sum(lessons.map((lesson) => bestPoints(lesson, progress))),
    lessons: lessons.length,
    passed: lessons.filter(({ folder }) => progress.passed.has(folder)).length,
  }
}

/** The lesson to work on: the one that progress names, or the first that has not passed, or the last. */
export function currentLesson({ lessons }: Course, progress: Progress): Lesson {
  const named = lessons.find(({ folder }) => folder === progress.lesson)
  const open = lessons.find(({ folder }) => !progress.passed.has(folder))
  const lesson = named ?? open ?? lessons.at(-1)
  if (!lesson) throw new Error('a course has at least one lesson')
  return lesson
}
