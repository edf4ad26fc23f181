/** A position in the bundled script, both from 1. */
export interface Frame {
  function: string
  line: number
  column: number
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
