import ts from 'typescript'

/**
 * The exported declaration of that name, as it is written, with the TSDoc before it; overloads together.
 *
 * @returns `undefined` if the file exports no such thing
 */
export function declarationOf(text: string, name: string): string | undefined {
  const source = ts.createSourceFile('quoted.ts', text, ts.ScriptTarget.Latest)
  const found = source.statements.filter((statement) => exportedNames(statement).includes(name))
  const first = found[0]
  const last = found.at(-1)
  if (!first || !last) return undefined
  return text.slice(startWithDoc(first, source), last.end)
}

/** The names that a file exports where it declares them. */
export function exportsOf(text: string): string[] {
  const source = ts.createSourceFile('quoted.ts', text, ts.ScriptTarget.Latest)
  return source.statements.flatMap(exportedNames)
}

function exportedNames(statement: ts.Statement): string[] {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((one) =>
      ts.isIdentifier(one.name) ? one.name.text : [],
    )
  }
  const declares =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement)
  return declares && statement.name ? [statement.name.text] : []
}

function startWithDoc(statement: ts.Statement, source: ts.SourceFile): number {
  const start = statement.getStart(source)
  const doc = ts.getLeadingCommentRanges(source.text, statement.getFullStart())?.at(-1)
  if (!doc) return start
  const isDoc = source.text.startsWith('/**', doc.pos) && doc.kind === ts.SyntaxKind.MultiLineCommentTrivia
  // A blank line between them makes it the header of the file.
  return isDoc && /^[^\n]*\n?[^\n]*$/.test(source.text.slice(doc.end, start)) ? doc.pos : start
}
