import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { keysIn } from '../src/learn/keys.ts'
import { openTerminal } from '../src/learn/terminal.ts'

/** A terminal's two streams, as far as the loop uses them. */
function fakeTerminal() {
  const modes: boolean[] = []
  const written: string[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(mode: boolean) {
      modes.push(mode)
    },
  })
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 90, rows: 30 })
  output.on('data', (chunk: Buffer) => written.push(chunk.toString()))
  return {
    input,
    output,
    modes,
    written,
    terminal: openTerminal(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream),
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('the terminal', () => {
  it('is left as it was found, however often it is left', async () => {
    const { terminal, modes, written } = fakeTerminal()
    terminal.close()
    terminal.close()
    await nextTurn()
    expect(modes).toEqual([true, false])
    expect(written.join('')).toBe('\x1b[?1049h\x1b[?25l' + '\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l')
  })

  it('leaves no listener behind', () => {
    const before = [process.listenerCount('exit'), process.listenerCount('SIGCONT')]
    const { terminal, input } = fakeTerminal()
    terminal.close()
    expect([process.listenerCount('exit'), process.listenerCount('SIGCONT')]).toEqual(before)
    expect(input.listenerCount('data')).toBe(0)
  })

  it('draws a frame with one write, and says when it is written', async () => {
    const { terminal, output } = fakeTerminal()
    await nextTurn()
    const writes: string[] = []
    output.on('data', (chunk: Buffer) => writes.push(chunk.toString()))
    await new Promise<void>((resolve) => terminal.draw(['one', 'two'], resolve))
    terminal.close()
    expect(writes[0]).toBe('\x1b[?2026h\x1b[H\x1b[Kone\r\n\x1b[Ktwo\x1b[J\x1b[?2026l')
  })

  it('draws nothing once it is given back', async () => {
    const { terminal, written } = fakeTerminal()
    terminal.close()
    terminal.draw(['late'])
    await nextTurn()
    expect(written.join('')).not.toContain('late')
  })

  it('tells of keys, and of the end of its input as of an end that was asked for', async () => {
    const { terminal, input } = fakeTerminal()
    const keys: string[] = []
    terminal.onKey((key) => keys.push(key))
    input.write('hN\x1b[B')
    input.end()
    await nextTurn()
    await nextTurn()
    expect(keys).toEqual(['h', 'n', 'down', 'ctrl-d'])
    terminal.close()
  })
})

describe('keys', () => {
  it.each([
    ['\x03', ['ctrl-c']],
    ['\x1b', ['escape']],
    ['\x1b[5~\x1bOA', ['page-up', 'up']],
    ['\x1b[1;5C', []],
    ['é', ['é']],
    ['\r', ['enter']],
    ['\x01', []],
  ])('are read from %j', (input, keys) => {
    expect(keysIn(input)).toEqual(keys)
  })
})
