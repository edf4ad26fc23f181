/** A key that has a name instead of a character. */
const NAMED: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x1a': 'ctrl-z',
  '\x1b': 'escape',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1b[5~': 'page-up',
  '\x1b[6~': 'page-down',
  '\x1b[H': 'home',
  '\x1b[F': 'end',
  '\x1b[1~': 'home',
  '\x1b[4~': 'end',
}

/**
 * The keys that a terminal in raw mode says were pressed: characters in lower case, or names such as `up`.
 * Sequences that mean nothing here are left out.
 */
export function keysIn(input: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals send
  const sequences = input.match(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Z])|[\s\S]/gu) ?? []
  return sequences.flatMap((sequence) => {
    const named = NAMED[sequence]
    if (named !== undefined) return named
    return sequence.length > 2 || sequence < ' ' ? [] : sequence.toLowerCase()
  })
}
