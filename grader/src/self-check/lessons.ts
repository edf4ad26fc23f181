import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, lessonFolders, loadCourse } from '../course/course.ts'
import { type Lesson, parseLesson } from '../course/lesson.ts'
import { LessonError, type Problem } from '../course/lesson-error.ts'
import { readText } from '../course/tree.ts'
import { count, type Finding } from './part.ts'

/**
 * Reads the course, as far as it can be read: front matter, sections, ids and rooms of every lesson. What is wrong
 * in one lesson does not hide the others.
 */
export function readLessons(root: string): { course: Course; whole: boolean; finding: Finding } {
  let problems: readonly Problem[] = []
  let course: Course
  try {
    course = loadCourse(root)
  } catch (error) {
    if (!(error instanceof LessonError)) throw error
    problems = error.problems
    course = { root, lessons: lessonFolders(root).flatMap((folder) => readable(root, folder)) }
  }
  const requirements = course.lessons.flatMap((lesson) => lesson.requirements)
  const finding: Finding = {
    counted: `${count(course.lessons.length, 'lesson')}, ${count(requirements.length, 'requirement')}`,
    checked: lessonFolders(root).length + requirements.length,
    problems: [...problems],
    skipped: [],
  }
  return { course, whole: problems.length === 0, finding }
}

function readable(root: string, folder: string): Lesson[] {
  const file = `lessons/${folder}/README.md`
  try {
    return existsSync(join(root, file)) ? [parseLesson(file, readText(join(root, file)))] : []
  } catch (error) {
    if (error instanceof LessonError) return []
    throw error
  }
}
