import { describe, expect, it } from 'vitest'
import { parseLesson } from '../src/course/lesson.ts'
import { LessonError } from '../src/course/lesson-error.ts'
import { changed, lessonFile, lineIn, rightLesson } from './sample-lesson.ts'

function problemsOf(text: string, file = lessonFile): string[] {
  try {
    parseLesson(file, text)
  } catch (error) {
    if (error instanceof LessonError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a right lesson', () => {
  const lesson = parseLesson(lessonFile, rightLesson)

  it('has its folder, its number and its front matter', () => {
    expect(lesson).toMatchObject({
      folder: '01-store',
      number: '01',
      file: lessonFile,
      title: 'The store',
      part: 'I. The store of record',
      rooms: ['store'],
      needs: [],
      minutes: 90,
      at: { title: 2, part: 3, rooms: 4, needs: 5, minutes: 6 },
    })
  })

  it('promises in one sentence without Markdown', () => {
    expect(lesson.promise).toBe('Your cluster remembers: what was written is read with get.')
  })

  it('has requirements with points, the whole text and their lines', () => {
    expect(lesson.requirements).toEqual([
      {
        id: 'ST-1',
        points: 2,
        text: 'A write gets the *next* revision:\n  - of a put,\n  - of a delete.',
        line: lineIn(rightLesson, 'ST-1** (2)'),
      },
      {
        id: 'ST-2',
        points: 1,
        text: 'A failed write changes nothing.',
        line: lineIn(rightLesson, 'ST-2** (1)'),
      },
    ])
  })

  it('has hints for each requirement, from the nudge on, with their code', () => {
    expect([...lesson.hints]).toEqual([
      ['ST-1', ['Count.', 'Count writes:\n    revision += 1']],
      ['ST-2', ['Look first.', 'Then write.', 'Throw before you change anything.']],
    ])
  })

  it('names the mistakes that learners make', () => {
    expect(lesson.misconceptions.map(({ name }) => name)).toEqual([
      'counts-reads',
      'shares-objects',
      'forgets-deletes',
      'starts-late',
      'skips-silently',
    ])
    expect(lesson.misconceptions[2]).toEqual({
      name: 'forgets-deletes',
      text: 'A delete has a revision.',
      line: lineIn(rightLesson, 'forgets-deletes'),
    })
  })

  it('knows what code it quotes, and where', () => {
    const line = lineIn(rightLesson, 'source=')
    expect(lesson.quotes).toEqual([
      { source: 'starter/kit/store.ts', name: 'KeyValue', line, endLine: line + 2 },
    ])
  })

  it('is the same with the line ends of Windows', () => {
    expect(parseLesson(lessonFile, rightLesson.replaceAll('\n', '\r\n'))).toEqual(lesson)
  })
})

interface Malformed {
  /** What is changed in the right lesson, and by what. */
  part: string
  by: string
  /** For each problem, in order: a part of the first line that holds it in the changed text, and what is said. */
  problems: [place: string, message: string][]
}

const malformed: Record<string, Malformed> = {
  'no front matter': {
    part: rightLesson.slice(0, rightLesson.indexOf('\n# The store')),
    by: '<!-- none -->\n',
    problems: [['<!--', 'expected front matter between two lines of ---, came "<!-- none -->"']],
  },
  'front matter that is not closed': {
    part: 'minutes: 90\n---',
    by: 'minutes: 90',
    problems: [['---', 'came no second --- after it']],
  },
  'front matter that is not YAML': {
    part: 'rooms: [store]',
    by: 'rooms: [store',
    problems: [['needs', 'the front matter is not YAML']],
  },
  'a missing key': {
    part: 'minutes: 90\n',
    by: '',
    problems: [['---', 'expected minutes in the front matter, came nothing: add `minutes:`']],
  },
  'an unknown key': {
    part: 'minutes: 90',
    by: 'minutes: 90\nminuets: 90',
    problems: [['minuets', 'unknown front matter key minuets: did you mean minutes?']],
  },
  'a title that is no text': {
    part: 'title: The store',
    by: 'title: 1',
    problems: [['title: 1', 'expected `title:` with the name of the lesson, came 1']],
  },
  'a part without its numeral': {
    part: 'part: I. The',
    by: 'part: The',
    problems: [['part: The', 'such as `I. The store of record`, came "The store of record"']],
  },
  'a room with its ending': {
    part: '[store]',
    by: '[store.ts]',
    problems: [['[store.ts]', 'a list of paths without ending']],
  },
  'a room outside the rooms': {
    part: '[store]',
    by: '[../store]',
    problems: [['[../store]', 'came ["../store"]']],
  },
  'a room twice': {
    part: '[store]',
    by: '[store, store]',
    problems: [['[store, store]', 'came ["store","store"]']],
  },
  'a need without quotes': {
    part: 'needs: []',
    by: 'needs: [01]',
    problems: [['needs: [01]', 'a list of lesson numbers in quotes']],
  },
  'minutes in words': {
    part: 'minutes: 90',
    by: 'minutes: long',
    problems: [['minutes: long', 'a whole number above 0, came "long"']],
  },
  'a missing section': {
    part: '## The idea\n\nA number goes up.\n',
    by: '',
    problems: [['## In Kubernetes', 'expected the section "The idea", came none: add "## The idea" before']],
  },
  'a missing last section': {
    part: rightLesson.slice(rightLesson.indexOf('## Check yourself')),
    by: '<!-- the end -->\n',
    problems: [['<!-- the end -->', 'add "## Check yourself" at the end']],
  },
  'a section twice': {
    part: 'This is etcd.',
    by: 'This is etcd.\n\n## The idea\n\nOnce more.\n\n<!-- 2 -->',
    problems: [
      [
        '',
        `the section "The idea" stands twice, first on line ${lineIn(rightLesson, '## The idea')}: leave one`,
      ],
    ],
  },
  'an unknown section': {
    part: 'This is etcd.',
    by: 'This is etcd.\n\n## The idees\n\nOnce more.',
    problems: [['## The idees', 'unknown section "The idees": did you mean "The idea"?']],
  },
  'sections out of order': {
    part: '## The idea\n\nA number goes up.\n\n## In Kubernetes',
    by: '## In Kubernetes\n\nA number goes up.\n\n## The idea',
    problems: [['## In Kubernetes', 'expected the section "The idea" here, came "In Kubernetes"']],
  },
  'an empty section': {
    part: 'Read about Raft.',
    by: '',
    problems: [['## Going further', 'the section "Going further" is empty']],
  },
  'a promise that is a list': {
    part: 'Your cluster *',
    by: '- Your cluster *',
    problems: [['- Your cluster', 'expected "The promise" to begin with one sentence']],
  },
  'no requirements': {
    part: rightLesson.slice(rightLesson.indexOf('- **ST-1**'), rightLesson.indexOf('## A worked')),
    by: 'It must work.\n\n',
    problems: [
      ['## What it must do', 'expected a list of requirements'],
      ['### ST-1', 'hints for ST-1, but there is no such requirement'],
      ['### ST-2', 'hints for ST-2, but there is no such requirement'],
    ],
  },
  'a requirement without points': {
    part: '**ST-2** (1)',
    by: '**ST-2**',
    problems: [
      ['**ST-2** A', 'ST-2 needs points and a statement: write it as `- **ST-3** (2) the statement`'],
    ],
  },
  'a requirement without a statement': {
    part: ' A failed write changes nothing.',
    by: '',
    problems: [['**ST-2** (1)', 'ST-2 needs points and a statement']],
  },
  'a requirement of no points': {
    part: '**ST-2** (1)',
    by: '**ST-2** (0)',
    problems: [['**ST-2** (0)', 'expected points of 1 or more, came 0 in ST-2']],
  },
  'a requirement without an id': {
    part: '- **ST-2** (1) A failed write changes nothing.',
    by: '- **ST-2** (1) A failed write changes nothing.\n- And is quick.',
    problems: [['- And is', 'expected a requirement, `- **ST-3** (2) the statement`, came "And is quick."']],
  },
  'a numbered list of requirements': {
    part: '- **ST-2** (1) A failed write changes nothing.',
    by: '- **ST-2** (1) A failed write changes nothing.\n\n1. **ST-3** (1) And is quick.',
    problems: [['1. **ST-3**', 'expected a list with bullets, came a numbered one']],
  },
  'an id twice': {
    part: '- **ST-2** (1) A failed write changes nothing.',
    by: '- **ST-2** (1) A failed write changes nothing.\n- **ST-2** (1) Once more.',
    problems: [
      [
        'Once more',
        `ST-2 stands twice, first on line ${lineIn(rightLesson, '**ST-2**')}: give each requirement its own id`,
      ],
    ],
  },
  'another prefix': {
    part: 'ST-2',
    by: 'WQ-2',
    problems: [
      ['**WQ-2**', 'expected an id that begins ST-, as in the others of this lesson, came WQ-2'],
      ['**WQ-2**', 'WQ-2 has no hints'],
      ['### ST-2', 'hints for ST-2, but there is no such requirement: did you mean ST-1?'],
    ],
  },
  'a gap in the numbers': {
    part: '- **ST-2** (1)',
    by: '- **ST-3** (1)',
    problems: [
      ['**ST-3**', 'expected ST-2, came ST-3: number the requirements from 1, in order'],
      ['**ST-3**', 'ST-3 has no hints: add "### ST-3" with 2 or 3 of them under "Hints"'],
      ['### ST-2', 'hints for ST-2, but there is no such requirement'],
    ],
  },
  'hints for no requirement': {
    part: '### ST-2',
    by: '### ST-7\n\n1. Look.\n2. Look again.\n\n### ST-2',
    problems: [['### ST-7', 'hints for ST-7, but there is no such requirement: did you mean ST-1?']],
  },
  'hints twice': {
    part: '### ST-2',
    by: '### ST-2\n\n1. Look.\n2. Look again.\n\n### ST-2\n<!-- again -->',
    problems: [['### ST-2', 'the hints for ST-2 stand twice']],
  },
  'one hint': {
    part: '1. Look first.\n2. Then write.\n3. Throw',
    by: '1. Throw',
    problems: [['### ST-2', 'expected a numbered list of 2 or 3 hints for ST-2, came 1']],
  },
  'four hints': {
    part: '3. Throw',
    by: '3. Read.\n4. Throw',
    problems: [['### ST-2', 'expected a numbered list of 2 or 3 hints for ST-2, came 4']],
  },
  'hints with bullets': {
    part: '1. Look first.\n2. Then write.\n3. Throw',
    by: '- Look first.\n- Throw',
    problems: [
      ['### ST-2', 'expected a numbered list of 2 or 3 hints for ST-2, came 0'],
      ['- Look first', 'expected one numbered list for ST-2 and nothing else'],
    ],
  },
  'code between hints at the margin': {
    part: '1. Look first.\n',
    by: '1. Look first.\n\n```ts\nlook()\n```\n\n',
    problems: [
      ['look()', 'expected one numbered list for ST-2 and nothing else: indent what belongs to a hint'],
    ],
  },
  'a requirement without hints': {
    part: '### ST-2\n\n1. Look first.\n2. Then write.\n3. Throw before you change anything.\n',
    by: '',
    problems: [['**ST-2** (1)', 'ST-2 has no hints']],
  },
  'four mistakes': {
    part: '- `starts-late`: The first event is lost.\n',
    by: '',
    problems: [['## Where people go wrong', 'expected at least 5 different mistakes, came 4']],
  },
  'a mistake twice': {
    part: '- `starts-late`: The',
    by: '- `starts-late`: The first.\n- `starts-late`: And the',
    problems: [['And the first', 'starts-late stands twice, first on line ']],
  },
  'a mistake without a name': {
    part: '- `starts-late`: The',
    by: '- `starts-late`: The first.\n- `Starts Late`: The',
    problems: [['`Starts Late`', 'the name in kebab-case, came "`Starts Late`: The first event"']],
  },
  'two answers': {
    part: '<details><summary>Answer</summary>That.</details>',
    by: 'That.',
    problems: [['## Check yourself', 'expected 3 answers folded away in <details>, came 2']],
  },
  'an answer that is not closed': {
    part: 'Then.</details>',
    by: 'Then.',
    problems: [['## Check yourself', 'expected 3 times </details>, as often as <details>, came 2']],
  },
  'a quote without a name': {
    part: '#KeyValue',
    by: '',
    problems: [
      ['```ts source', 'expected `ts source=starter/kit/store.ts#Name`, came `ts source=starter/kit'],
    ],
  },
  'a quote from outside the repository': {
    part: 'starter/kit/store.ts#',
    by: '../store.ts#',
    problems: [['```ts source', 'came `ts source=../store.ts#KeyValue`']],
  },
  'a quote in a list': {
    part: '```ts source=starter/kit/store.ts#KeyValue\nold\n```',
    by: '- The contract:\n  ```ts source=starter/kit/store.ts#KeyValue\n  old\n  ```',
    problems: [['```ts source', 'expected the quote of KeyValue at the left margin']],
  },
}

/** These take the lines of the problems from elsewhere than the first line that holds a text. */
const lines: Record<string, number> = {
  'a section twice': lineIn(rightLesson, 'This is etcd.') + 2,
  'code between hints at the margin': lineIn(rightLesson, '1. Look first') + 2,
  'hints twice': lineIn(rightLesson, '### ST-2') + 5,
}

describe('a malformed lesson', () => {
  it.each(Object.entries(malformed))('is told of %s', (name, { part, by, problems }) => {
    const text = changed(rightLesson, part, by)
    const found = problemsOf(text)
    const expected = problems.map(([place, message]) => ({
      place: `${lessonFile}:${lines[name] ?? lineIn(text, place)}: `,
      message,
    }))
    expect(found, found.join('\n')).toHaveLength(expected.length)
    for (const [index, { place, message }] of expected.entries()) {
      expect(found[index]?.slice(0, place.length)).toBe(place)
      expect(found[index]).toContain(message)
    }
  })

  it('is told of every problem at once, in the order of the lines', () => {
    const text = changed(changed(rightLesson, 'minutes: 90', 'minutes: 0'), '- **ST-2** (1)', '- **ST-2**')
    expect(problemsOf(changed(text, 'Then.</details>', 'Then.'))).toEqual([
      expect.stringMatching(/^lessons\/01-store\/README.md:6: .*minutes/),
      expect.stringMatching(/^lessons\/01-store\/README.md:40: ST-2 needs points/),
      expect.stringMatching(/^lessons\/01-store\/README.md:79: .*<\/details>/),
    ])
  })

  it('carries its problems as data', () => {
    const parse = () => parseLesson(lessonFile, changed(rightLesson, 'minutes: 90', 'minutes: 0'))
    const problem = { file: lessonFile, line: 6, message: expect.stringContaining('minutes') }
    expect(parse).toThrow(expect.objectContaining({ name: 'LessonError', problems: [problem] }))
  })

  it('is told when it stands in a folder of another form', () => {
    expect(problemsOf(rightLesson, 'lessons/store/README.md')).toEqual([
      expect.stringMatching(/^lessons\/store\/README.md:1: expected the path lessons\/NN-name\/README.md/),
    ])
  })

  it('is told of an empty file', () => {
    expect(problemsOf('')).toContainEqual(expect.stringContaining('README.md:1: expected front matter'))
  })
})
