import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Frame } from '../subject/subject.ts'

/** A place in a learner's own file. */
export interface Place {
  /** `store.ts` */
  file: string
  line: number
  function: string
}

/** Finds places of the rooms from positions in the bundle, which are not to be trusted. */
export function placesIn(map: string, rooms: string[]): (frames: Frame[]) => Place[] {
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

/** Positions in `rooms.js` that stand in a V8 stack trace. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const line of stack.split('\n').slice(0, 50)) {
    const match =
      /^ {4}at (?:async )?(?:new )?(?:([^\s(]{1,100}).{0,100}? \()?rooms\.js:(\d{1,9}):(\d{1,9})\)?$/.exec(
        line,
      )
    if (match) frames.push({ function: match[1] ?? '', line: Number(match[2]), column: Number(match[3]) })
  }
  return frames
}
