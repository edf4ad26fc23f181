import { humanDuration } from '#kit/api/human-duration'
import type { Column } from '#kit/api/kind-table'
import type { StoredMetadata } from '#kit/api/metadata'

interface Named {
  metadata: StoredMetadata
}

/** A column of text. */
export function textColumn<T>(
  name: string,
  description: string,
  value: (object: T, nowMs: number) => string,
  priority: 0 | 1 = 0,
): Column<T> {
  return { name, type: 'string', description, priority, value }
}

/** A column of whole numbers. */
export function countColumn<T>(
  name: string,
  description: string,
  value: (object: T) => number | undefined,
): Column<T> {
  return { name, type: 'integer', description, priority: 0, value: (object) => value(object) ?? 0 }
}

/** How long ago a moment was; `<unknown>` if there was none. */
export function since(moment: string | null | undefined, nowMs: number): string {
  return moment ? humanDuration(nowMs - Date.parse(moment)) : '<unknown>'
}

/** The first column of nearly every kind. */
export const nameColumn: Column<Named> = textColumn(
  'Name',
  'What the object is called.',
  ({ metadata }) => metadata.name,
)

/** How long the object has been there. */
export const ageColumn: Column<Named> = textColumn(
  'Age',
  'How long ago the object was created.',
  ({ metadata }, nowMs) => since(metadata.creationTimestamp, nowMs),
)
