import { keysIn } from './keys.ts'
import type { Size } from './page.ts'

const ESC = '\x1b['
const ENTER = `${ESC}?1049h${ESC}?25l`
const LEAVE = `${ESC}?2026l${ESC}0m${ESC}?25h${ESC}?1049l`
/** Terminals that know these show what is between them at once. */
const BEGIN_FRAME = `${ESC}?2026h${ESC}H`
const END_FRAME = `${ESC}J${ESC}?2026l`

/** The whole terminal, for a program that answers single keys. */
export interface Terminal {
  size(): Size
  /**
   * Shows these lines instead of what is there, in one write.
   *
   * @param written called once the last byte was handed over
   */
  draw(lines: readonly string[], written?: () => void): void
  onKey(listener: (key: string) => void): void
  onResize(listener: () => void): void
  /** Gives the terminal back for as long as the shell has stopped this program. */
  suspend(): void
  /** Leaves the terminal as it was found. May be called again; then it does nothing. */
  close(): void
}

/** Takes over the terminal: another screen, no cursor, every key at once. */
export function openTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  let open = true
  let stopped = false
  let keyListener: (key: string) => void = () => undefined
  let resizeListener: () => void = () => undefined
  const onData = (chunk: Buffer | string) => {
    for (const key of keysIn(chunk.toString())) if (open) keyListener(key)
  }
  const onResize = () => resizeListener()
  const onEnd = () => keyListener('ctrl-d')
  const onContinue = () => {
    if (!open) return
    stopped = false
    take()
    resizeListener()
  }
  const take = () => {
    input.setRawMode(true)
    output.write(ENTER)
  }
  const giveBack = () => {
    output.write(LEAVE)
    input.setRawMode(false)
  }
  const close = () => {
    if (!open) return
    open = false
    process.off('exit', close)
    process.off('SIGCONT', onContinue)
    input.off('data', onData)
    input.off('end', onEnd)
    output.off('resize', onResize)
    try {
      giveBack()
    } catch {
      // The terminal is gone, and with it all that could be restored.
    }
    input.pause()
  }
  // The last resort: whatever ends this process, it leaves by here.
  process.on('exit', close)
  process.on('SIGCONT', onContinue)
  // A terminal that goes away is told by SIGHUP; that it cannot be written to is no second event.
  input.on('error', () => undefined)
  input.on('end', onEnd)
  output.on('error', () => undefined)
  take()
  input.on('data', onData)
  input.resume()
  output.on('resize', onResize)

  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    draw(lines, written) {
      if (!open || stopped) return
      const text = lines.map((line) => `${ESC}K${line}`).join('\r\n')
      output.write(BEGIN_FRAME + text + END_FRAME, () => written?.())
    },
    onKey(listener) {
      keyListener = listener
    },
    onResize(listener) {
      resizeListener = listener
    },
    suspend() {
      if (process.platform === 'win32') return
      giveBack()
      // Until the shell lets it go on, the screen is not ours.
      stopped = true
      // The whole group: what started this program waits in front of the shell.
      process.kill(0, 'SIGTSTP')
    },
    close,
  }
}
