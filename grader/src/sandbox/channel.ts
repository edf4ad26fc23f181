import { crashed, exceeded, SandboxFault } from './fault.ts'
import { LIMITS } from './limits.ts'

/** What comes out of a submission's process. */
export type Message = { kind: 'started' } | { kind: 'reply' | 'log'; line: string }

const KINDS = new Map<number | undefined, Message['kind']>([
  ['s'.charCodeAt(0), 'started'],
  ['r'.charCodeAt(0), 'reply'],
  ['l'.charCodeAt(0), 'log'],
])
const LINE_FEED = 10

/**
 * Takes the bytes of a channel apart, line by line. Whoever wrote them may mean harm: nothing is kept beyond
 * {@link LIMITS}, and after the first byte that makes no sense nothing is read any more.
 */
export class ChannelReader {
  readonly #onMessage: (message: Message) => void
  readonly #onFault: (fault: SandboxFault) => void
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #parts: Buffer[] = []
  #length = 0
  #total = 0
  #closed = false

  constructor(onMessage: (message: Message) => void, onFault: (fault: SandboxFault) => void) {
    this.#onMessage = onMessage
    this.#onFault = onFault
  }

  /** Counts anew what one request may bring. */
  nextRequest(): void {
    this.#total = 0
  }

  /** Reads no further, whatever comes. */
  close(): void {
    this.#closed = true
    this.#parts = []
  }

  push(chunk: Buffer): void {
    if (this.#closed) return
    try {
      this.#total += chunk.length
      if (this.#total > LIMITS.requestBytes) throw exceeded('requestBytes')
      this.#read(chunk)
    } catch (error) {
      if (!(error instanceof SandboxFault)) throw error
      this.close()
      this.#onFault(error)
    }
  }

  #read(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) {
      const end = rest.indexOf(LINE_FEED)
      this.#keep(end < 0 ? rest : rest.subarray(0, end))
      if (end < 0) return
      const message = this.#take()
      this.#onMessage(message)
      // The listener may have had enough.
      if (this.#closed) return
      rest = rest.subarray(end + 1)
    }
  }

  #keep(piece: Buffer): void {
    if (this.#length === 0 && piece.length > 0 && !KINDS.has(piece[0]))
      throw garbled('a line is of no known kind')
    this.#length += piece.length
    if (this.#length > LIMITS.messageBytes) throw exceeded('message')
    this.#parts.push(piece)
  }

  #take(): Message {
    const bytes = Buffer.concat(this.#parts)
    this.#parts = []
    this.#length = 0
    const kind = KINDS.get(bytes[0])
    if (!kind) throw garbled('a line is empty')
    if (kind !== 'started') return { kind, line: this.#decode(bytes.subarray(1)) }
    if (bytes.length > 1) throw garbled('a line is of no known kind')
    return { kind }
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#utf8.decode(bytes)
    } catch {
      throw garbled('a line is no UTF-8')
    }
  }
}

/** The fault of whoever writes to the channel in the agent's place. */
export function garbled(how: string): SandboxFault {
  return crashed(`something in the room wrote to the grader's channel (${how})`)
}
