import { garbled } from '../sandbox/channel.ts'
import {
  Malformed,
  type Numbered,
  parseReport,
  type Report,
  type Request,
  type Script,
} from '../sandbox/protocol.ts'
import type { Line } from './link.ts'

/** How many requests were sent over each line: what answers an earlier one is no answer to this one. */
const sent = new WeakMap<Line, number>()

/**
 * Sends a request, and reads the report that answers it.
 *
 * @param onAnswer told how many characters the answer has, before it is read
 * @throws {Malformed} if it is no report
 * @throws {SandboxFault} if it answers something else, or the process has ended
 */
export async function exchange(
  line: Line,
  request: Request,
  onAnswer: (characters: number) => void = () => undefined,
): Promise<Report> {
  const number = (sent.get(line) ?? 0) + 1
  sent.set(line, number)
  const slot = line.slot ?? 0
  const numbered: Numbered = [number, slot, request]
  const answer = await line.request(JSON.stringify(numbered))
  onAnswer(answer.length)
  const report = read(() => parseReport(answer))
  if (report.slot !== slot || report.answers !== number) throw garbled('an answer that nobody had asked for')
  return report
}

/** The request that hands over a script, to a place that may have run what it begins with. */
export function loading(line: Line, { given, rooms }: Script): Request {
  return ['load', line.given === given ? { rooms } : { given, rooms }]
}

/** Reads what came; what is nested so deeply that it cannot be read makes no sense. */
export function read<T>(what: () => T): T {
  try {
    return what()
  } catch (error) {
    throw error instanceof RangeError ? new Malformed('what it says is nested too deeply') : error
  }
}
