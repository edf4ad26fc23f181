import ts from 'typescript'

const TOKENS = 5

/**
 * How alike two programs are: the runs of five tokens that both have, among those that either has. Comments and
 * layout do not count.
 *
 * @returns from 0, nothing in common, to 1, the same
 */
export function similarity(one: string, other: string): number {
  const a = runsOf(one)
  const b = runsOf(other)
  const either = new Set([...a, ...b]).size
  if (either === 0) return 1
  let both = 0
  for (const run of a) if (b.has(run)) both++
  return both / either
}

function runsOf(text: string): Set<string> {
  const tokens = tokensOf(text)
  const runs = new Set<string>()
  for (let start = 0; start + TOKENS <= tokens.length; start++) {
    runs.add(tokens.slice(start, start + TOKENS).join('\0'))
  }
  return runs
}

function tokensOf(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text)
  const tokens: string[] = []
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    tokens.push(scanner.getTokenText())
  }
  return tokens
}
