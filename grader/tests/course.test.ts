import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  findLesson,
  findRequirement,
  loadCourse,
  unknownLesson,
  unknownRequirement,
} from '../src/course/course.ts'
import { nearest, unknownName } from '../src/course/nearest.ts'
import { changed, folderWith, lineIn, rightLesson } from './sample-lesson.ts'

const queueLesson = changed(rightLesson, '[store]', '[work-queue]')
  .replaceAll('ST-', 'WQ-')
  .replace('needs: []', "needs: ['01']")

const rightCourse = {
  'lessons/04-work-queue/README.md': queueLesson,
  'lessons/01-store/README.md': rightLesson,
  'solutions/store.ts': '',
  'solutions/work-queue.ts': '',
}

function problemsOf(files: Record<string, string>): string[] {
  try {
    loadCourse(folderWith(files))
  } catch (error) {
    if (error instanceof Error && error.name === 'LessonError') return error.message.split('\n')
    throw error
  }
  return []
}

describe('a course', () => {
  it('has its lessons in order', () => {
    const root = folderWith(rightCourse)
    const course = loadCourse(root)
    expect(course.root).toBe(root)
    expect(course.lessons.map(({ folder }) => folder)).toEqual(['01-store', '04-work-queue'])
  })

  it('reads what it has read before as it did the first time, until it changes', () => {
    const root = folderWith({ ...rightCourse, 'node_modules/.keep': '' })
    const first = loadCourse(root)
    const cache = join(root, 'node_modules/.cache/drydock')
    expect(readdirSync(cache)).toHaveLength(2)
    expect(loadCourse(root)).toEqual(first)
    for (const kept of readdirSync(cache).map((name) => join(cache, name)))
      writeFileSync(kept, readFileSync(kept, 'utf8').replace('"title":"', '"title":"As kept: '))
    expect(loadCourse(root).lessons[0]?.title).toBe(`As kept: ${first.lessons[0]?.title}`)
    const file = join(root, 'lessons/01-store/README.md')
    writeFileSync(file, readFileSync(file, 'utf8').replace('title: ', 'title: Not '))
    expect(loadCourse(root).lessons[0]?.title).toBe(`Not ${first.lessons[0]?.title}`)
  })

  it('needs no reference, as in the student edition', () => {
    const { 'solutions/store.ts': _, 'solutions/work-queue.ts': __, ...edition } = rightCourse
    expect(problemsOf(edition)).toEqual([])
  })

  it('finds a lesson by its number, by its folder and by its name', () => {
    const course = loadCourse(folderWith(rightCourse))
    for (const name of ['04', '4', '04-work-queue', 'work-queue']) {
      expect(findLesson(course, name)?.folder, name).toBe('04-work-queue')
    }
    expect(findLesson(course, '02')).toBeUndefined()
  })

  it('says which lesson was meant', () => {
    const course = loadCourse(folderWith(rightCourse))
    expect(unknownLesson(course, '02')).toBe('unknown lesson 02: expected one of 01, 04')
    expect(unknownLesson(course, '5')).toBe('unknown lesson 5: expected one of 01, 04')
    expect(unknownLesson(course, '01-stroe')).toBe('unknown lesson 01-stroe: did you mean 01-store?')
    expect(unknownLesson(course, 'queue')).toBe('unknown lesson queue: did you mean work-queue?')
    expect(unknownLesson(course, 'stroe')).toBe('unknown lesson stroe: did you mean store?')
    expect(unknownLesson(course, 'kubelet')).toBe('unknown lesson kubelet: expected one of store, work-queue')
  })

  it('finds a requirement with its lesson', () => {
    const course = loadCourse(folderWith(rightCourse))
    const found = findRequirement(course, 'wq-2')
    expect(found?.lesson.number).toBe('04')
    expect(found?.requirement).toMatchObject({ id: 'WQ-2', points: 1 })
    expect(findRequirement(course, 'WQ-3')).toBeUndefined()
    expect(unknownRequirement(course, 'WQ-3')).toBe('unknown requirement WQ-3: did you mean WQ-1?')
    expect(unknownRequirement(course, 'ts-2')).toBe('unknown requirement ts-2: did you mean ST-2?')
  })
})

describe('a course that contradicts itself', () => {
  const queueFile = 'lessons/04-work-queue/README.md'
  const roomsLine = lineIn(queueLesson, 'rooms:')
  const needsLine = lineIn(queueLesson, 'needs:')

  it('is told of an id that two lessons have', () => {
    const text = queueLesson.replaceAll('WQ-', 'ST-')
    expect(problemsOf({ ...rightCourse, [queueFile]: text })).toEqual([
      `${queueFile}:${lineIn(text, '**ST-1**')}: ST-1 is taken, at lessons/01-store/README.md:${lineIn(rightLesson, '**ST-1**')}: choose another prefix`,
      `${queueFile}:${lineIn(text, '**ST-2**')}: ST-2 is taken, at lessons/01-store/README.md:${lineIn(rightLesson, '**ST-2**')}: choose another prefix`,
    ])
  })

  it('is told of a need that is no lesson', () => {
    const text = changed(queueLesson, "['01']", "['02']")
    expect(problemsOf({ ...rightCourse, [queueFile]: text })).toEqual([
      `${queueFile}:${needsLine}: needs names 02, which is no earlier lesson: did you mean 01?`,
    ])
  })

  it('is told of a need that is no earlier lesson', () => {
    const text = changed(queueLesson, "['01']", "['04']")
    expect(problemsOf({ ...rightCourse, [queueFile]: text })).toEqual([
      expect.stringContaining(`${queueFile}:${needsLine}: needs names 04, which is no earlier lesson`),
    ])
    const first = changed(rightLesson, 'needs: []', "needs: ['04']")
    expect(problemsOf({ ...rightCourse, 'lessons/01-store/README.md': first })).toEqual([
      `lessons/01-store/README.md:${needsLine}: needs names 04, which is no earlier lesson: there is none before it`,
    ])
  })

  it('is told of a room that two lessons have', () => {
    const text = changed(queueLesson, '[work-queue]', '[work-queue, store]')
    expect(problemsOf({ ...rightCourse, [queueFile]: text })).toEqual([
      `${queueFile}:${roomsLine}: the room store belongs to lesson 01-store: a room has one lesson`,
    ])
  })

  it('is told of a room that is not in the reference', () => {
    const text = changed(queueLesson, '[work-queue]', '[queue]')
    expect(problemsOf({ ...rightCourse, [queueFile]: text })).toEqual([
      `${queueFile}:${roomsLine}: expected the room queue at solutions/queue.ts, came no such file`,
    ])
  })

  it('is told of two lessons with one number', () => {
    const { [queueFile]: text, ...others } = rightCourse
    expect(
      problemsOf({ ...others, 'lessons/01-work-queue/README.md': changed(text, "['01']", '[]') }),
    ).toEqual([
      'lessons/01-work-queue/README.md:1: lesson 01 is there twice, also as 01-store: number one anew',
    ])
  })

  it('is told of a lesson without a README', () => {
    expect(problemsOf({ ...rightCourse, 'lessons/05-reconcile/examples.test.ts': '' })).toEqual([
      'lessons/05-reconcile/README.md:1: expected a lesson, came nothing: write it or remove its folder',
    ])
  })

  it('is told of a folder that is no lesson', () => {
    expect(problemsOf({ ...rightCourse, 'lessons/drafts/README.md': rightLesson })).toEqual([
      expect.stringContaining('lessons/drafts/README.md:1: expected the path lessons/NN-name/README.md'),
    ])
  })

  it('is told of no lessons at all', () => {
    expect(problemsOf({ 'solutions/store.ts': '' })).toEqual([
      expect.stringMatching(/^lessons:1: expected lessons\/NN-name\/README.md in .*, came none$/),
    ])
  })

  it('is told of every malformed lesson at once', () => {
    const files = Object.entries(rightCourse).map(([file, text]) => [file, text.replace('minutes: 90', '')])
    expect(problemsOf(Object.fromEntries(files))).toEqual([
      expect.stringContaining('lessons/01-store/README.md:1: expected minutes'),
      expect.stringContaining('lessons/04-work-queue/README.md:1: expected minutes'),
    ])
  })
})

describe('the nearest name', () => {
  it.each([
    ['stroe', ['store', 'api'], 'store'],
    ['ST-11', ['WQ-1', 'ST-1'], 'ST-1'],
    ['31', ['01', '30'], '30'],
    ['--jsno', ['--json', '--csv'], '--json'],
    ['lables', ['labels', 'tables-of-kinds'], 'labels'],
  ])('to %s among %j is %s', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected)
  })

  it('is none where all are far', () => {
    expect(nearest('scheduler', ['store', 'api'])).toBeUndefined()
    expect(nearest('', ['store'])).toBeUndefined()
  })

  it('gives way to the first ten where all are far', () => {
    const many = Array.from({ length: 12 }, (_, index) => `lesson-number-${index + 1}`)
    expect(unknownName('lesson', 'x', many)).toBe(
      `unknown lesson x: expected one of ${many.slice(0, 10).join(', ')}, …`,
    )
    expect(unknownName('lesson', 'x', [])).toBe('unknown lesson x: there is none')
  })
})
