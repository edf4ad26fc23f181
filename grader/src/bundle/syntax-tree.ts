import { type Node, type Options, Parser } from 'acorn'

/** The longest text that is read, in characters: some five times what the rooms of a lesson come to. */
export const READ_LIMIT = 2 ** 18

/**
 * Reads JavaScript that the compiler has written, as a tree (ESTree). It is read in this process, which must not be held up.
 *
 * @throws {SyntaxError} if it is too long, or newer than the parser
 * @throws {RangeError} if it is nested too deep
 */
export function syntaxTree(text: string, options: Partial<Options> = {}): Node {
  if (text.length > READ_LIMIT)
    throw new SyntaxError(`expected at most ${READ_LIMIT} characters, came ${text.length}`)
  return Compiled.parse(text, { ecmaVersion: 'latest', sourceType: 'module', ...options })
}

/** A regular expression, as the parser keeps it while it is looked at. */
interface RegExpState {
  source: string
  flags: string
}

/** Leaves to others what they look at anyway, and what takes the parser long. */
class Compiled extends Parser {
  /** Names that are declared twice are the compiler's to refuse. */
  declareName(): void {}

  validateRegExpFlags(): void {}

  /** What Node does not know is none, whatever the parser knows. */
  validateRegExpPattern({ source, flags }: RegExpState): void {
    new RegExp(source, flags)
  }
}

/** The parts of a node of a syntax tree (ESTree). */
export function partsOf(node: Node): Node[] {
  const parts: Node[] = []
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) parts.push(...value.filter(isNode))
    else if (isNode(value)) parts.push(value)
  }
  return parts
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
