import ts from 'typescript'

const TOKENS = 12

/** What a program is made of: its runs of twelve tokens, with all names the same, and all texts and numbers. */
export type Runs = ReadonlySet<string>

/**
 * The runs of a program, but for those of another. Comments, layout and the choice of names do not count.
 *
 * @param given what stood there before anybody wrote: its stub
 */
export function runsOf(text: string, given = ''): Runs {
  const known = given === '' ? undefined : runsOf(given)
  const tokens = tokensOf(text)
  const runs = new Set<string>()
  for (let start = 0; start + TOKENS <= tokens.length; start++) {
    const run = tokens.slice(start, start + TOKENS).join('\0')
    if (!known?.has(run)) runs.add(run)
  }
  return runs
}

/**
 * How much of the smaller one is in the other, too: what is added to a copy makes it no less alike.
 *
 * @returns from 0, nothing, to 1, all of it; 0 where there is nothing
 */
export function similarity(one: Runs, other: Runs): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one]
  if (small.size === 0) return 0
  let both = 0
  for (const run of small) if (large.has(run)) both++
  return both / small.size
}

function tokensOf(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text)
  const tokens: string[] = []
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    tokens.push(wordFor(token) ?? scanner.getTokenText())
  }
  return tokens
}

function wordFor(token: ts.SyntaxKind): string | undefined {
  if (token === ts.SyntaxKind.Identifier || token === ts.SyntaxKind.PrivateIdentifier) return 'name'
  if (token === ts.SyntaxKind.StringLiteral || token === ts.SyntaxKind.NumericLiteral) return 'literal'
  return undefined
}
