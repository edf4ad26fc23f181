import { dim } from 'kleur/colors'
import { escapeForLine } from '../reports/escape.ts'

const WIDTH = 24

/** A line that shows how far a batch has come, where there is a terminal and more than one thing to do. */
export function progressBar(stream: NodeJS.WriteStream, total: number) {
  const shown = stream.isTTY === true && total > 1
  let done = 0
  return {
    /** One more is through. */
    step(name: string): void {
      done++
      if (!shown) return
      const filled = Math.round((done / total) * WIDTH)
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
      const room = Math.max(0, (stream.columns ?? 80) - WIDTH - 16)
      stream.write(`\r\u001b[K${bar} ${done}/${total} ${dim(escapeForLine(name).slice(-room))}`)
    },
    /** Takes the line away. */
    end(): void {
      if (shown) stream.write('\r\u001b[K')
    },
  }
}
