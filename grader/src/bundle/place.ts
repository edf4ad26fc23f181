import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Frame } from '../sandbox/stack-frames.ts'

/** A place in a learner's own file. */
export interface Place {
  /** `store.ts` */
  file: string
  line: number
  function: string
}

/** Turns positions of the bundle into places of the learner's files, innermost first. */
export type PlacesOf = (frames: Frame[]) => Place[]

/** Finds places of the rooms from positions in the bundle, which are not to be trusted. */
export function placesIn(map: string, rooms: readonly string[]): PlacesOf {
  let traced: TraceMap | undefined
  return (frames) => {
    traced ??= new TraceMap(map)
    const places: Place[] = []
    for (const frame of frames) {
      if (!(frame.line >= 1 && frame.column >= 1)) continue
      const { source, line } = originalPositionFor(traced, { line: frame.line, column: frame.column - 1 })
      const room = source?.replace(/^room:/, '')
      if (line !== null && source?.startsWith('room:') && room && rooms.includes(room)) {
        places.push({ file: `${room}.ts`, line, function: frame.function })
      }
    }
    return places
  }
}
