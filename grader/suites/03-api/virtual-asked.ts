// What the checks of virtual kinds ask for, and how they look at who was asked.
import { at } from './objects.ts'
import type { Told } from './told.fixture.ts'

/** A ReplicaSet/scale. */
export function scale(replicas: number, resourceVersion = '7') {
  return { metadata: { ...at('r'), resourceVersion }, spec: { replicas } }
}

/** What each `finish` was told: whether the object was stored. */
export function finishes(told: Told[]): unknown[] {
  return told.filter(({ call }) => call === 'finish').map(({ stored }) => stored)
}

/** What was asked of access, plugins and the virtual kinds, as pairs. */
export function steps(told: Told[]): string[] {
  return told.filter(({ from }) => from !== 'store').map(({ from, call }) => `${from} ${call}`)
}
