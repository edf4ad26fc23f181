import type { Readable } from 'node:stream'
import { PLACE_MS } from './limits.ts'
import { sendSignal } from './process-tree.ts'
import { type Frame, framesOf } from './stack-frames.ts'

/** What `node --trace-sigint` writes before its stack. */
const HEAD = 'KEYBOARD_INTERRUPT'
const MOST_CHARACTERS = 2 ** 16

/**
 * Asks a node that runs with `--trace-sigint` where it is, which is the last thing that it does.
 *
 * @returns positions in the submission's script, innermost first; none if it says nothing within {@link PLACE_MS}
 */
export function placeOfHang(pid: number, stderr: Readable): Promise<Frame[]> {
  return new Promise((resolve) => {
    let text = ''
    const read = (chunk: Buffer) => {
      if (text.length < MOST_CHARACTERS) text += chunk.toString('latin1')
      // An empty line ends the stack.
      if (text.indexOf('\n\n', text.indexOf(HEAD)) > 0 && text.includes(HEAD)) done()
    }
    const done = () => {
      clearTimeout(timer)
      stderr.off('data', read).off('close', done)
      resolve(framesOf(text.slice(text.indexOf(HEAD))))
    }
    const timer = setTimeout(done, PLACE_MS)
    stderr.on('data', read).on('close', done)
    sendSignal(pid, 'SIGINT')
  })
}
