import type { OwnCheckVerdict } from '../runner/blame.ts'
import type { OwnStackVerdict } from '../runner/own-stack.ts'
import { plainMarkdown, recall } from './plain-markdown.ts'

/** "your own store, labels and work queue". */
export function ownRooms({ rooms }: OwnStackVerdict): string {
  const names = rooms.map(wordsOf)
  const last = names.pop() ?? ''
  return `your own ${names.length > 0 ? `${names.join(', ')} and ` : ''}${last}`
}

/** The checks that pass over the reference's rooms and not over the submission's. */
export function ownFailures({ checks }: OwnStackVerdict): OwnCheckVerdict[] {
  return checks.filter(({ outcome }) => outcome !== 'passed')
}

/**
 * What makes a check fail: "your store (lesson 01, ST-6: A watch skips no event.)".
 *
 * @param textOf a requirement's text, where it is known
 * @returns `undefined` where it was not looked into
 */
export function causeText(
  { blame }: OwnCheckVerdict,
  textOf: (requirement: string) => string | undefined,
): string | undefined {
  if (blame === undefined) return undefined
  if (blame === 'undetermined') return 'no earlier room makes the difference by itself'
  const { lesson, requirement, room } = blame
  const number = `lesson ${lesson.slice(0, 2)}`
  const subject = room === undefined ? `your rooms of ${number}` : `your ${wordsOf(room)}`
  const text = requirement === undefined ? undefined : textOf(requirement)
  const which = [
    ...(room === undefined ? [] : [number]),
    ...(requirement === undefined
      ? []
      : [text ? `${requirement}: ${recall(plainMarkdown(text))}` : requirement]),
  ]
  return which.length > 0 ? `${subject} (${which.join(', ')})` : subject
}

/** `controllers/work-queue` as a word of a sentence: "work queue". */
function wordsOf(room: string): string {
  return (room.split('/').at(-1) ?? room).replaceAll('-', ' ')
}
