import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The file under which {@link rightLesson} is read. */
export const lessonFile = 'lessons/01-store/README.md'

/** A small lesson with everything that a lesson needs. */
export const rightLesson = `---
title: The store
part: I. The store of record
rooms: [store]
needs: []
minutes: 90
---

# The store

## The promise

Your cluster *remembers*: what was written
is read with \`get\`.

## The problem

Without it, nothing is known.

## The idea

A number goes up.

## In Kubernetes

This is etcd.

## Your room

\`\`\`ts source=starter/kit/store.ts#KeyValue
old
\`\`\`

## What it must do

- **ST-1** (2) A write gets the *next*
  revision:
  - of a put,
  - of a delete.
- **ST-2** (1) A failed write changes nothing.

## A worked example

One put.

## Try it

\`npm start\`

## Where people go wrong

- \`counts-reads\`: A read is no write.
- \`shares-objects\`: The caller changes them.
- **\`forgets-deletes\`**: A delete has a revision.
- \`starts-late\`: The first event is lost.
- \`skips-silently\`: It was compacted.

## Hints

### ST-1

1. Count.
2. Count writes:

   \`\`\`ts
   revision += 1
   \`\`\`

### ST-2

1. Look first.
2. Then write.
3. Throw before you change anything.

## Going further

Read about Raft.

## Check yourself

1. Why?

   <details><summary>Answer</summary>

   Because.

   </details>

2. What?

   <details><summary>Answer</summary>That.</details>

3. When?

   <details><summary>Answer</summary>Then.</details>
`

/** The line, from 1, on which `part` first stands in a text. */
export function lineIn(text: string, part: string): number {
  const index = text.split('\n').findIndex((line) => line.includes(part))
  if (index === -1) throw new Error(`the text has no line with ${part}`)
  return index + 1
}

/** Replaces `part`, which must be there. */
export function changed(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`the text has no ${part}`)
  return text.replace(part, () => by)
}

/** Writes files under a new folder, which is removed when the test is over. */
export function folderWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'drydock-course-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}
