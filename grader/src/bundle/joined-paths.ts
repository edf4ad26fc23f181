import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Node } from 'acorn'
import { transform } from './compiler.ts'
import { partsOf, syntaxTree } from './syntax-tree.ts'

/** What a room may contain that imports something while it runs; nearly none does. */
const MAY_IMPORT = /\bimport\s*[(/]|\brequire\b|\\u/

/**
 * Finds an import of a path that is put together, as in `import('./' + name)`: to the compiler that is all that there is in the
 * folder, and it goes to look.
 *
 * @returns the line, from 1; `undefined` if there is none
 */
export async function joinedPath(room: string): Promise<number | undefined> {
  if (!MAY_IMPORT.test(room)) return undefined
  try {
    const { code, map } = await transform(room, { loader: 'ts', sourcemap: true, target: 'node20' })
    const found = firstIn(syntaxTree(code, { locations: true }))
    const place = found?.loc && originalPositionFor(new TraceMap(map), found.loc.start)
    return place?.line ?? undefined
  } catch {
    // What cannot be read has its errors told by the compiler, which then imports nothing.
    return undefined
  }
}

function firstIn(node: Node): Node | undefined {
  if (isImport(node) && beginsRelative(node.source ?? node.arguments?.[0])) return node
  for (const part of partsOf(node)) {
    const found = firstIn(part)
    if (found) return found
  }
  return undefined
}

type Import = Node & { source?: Part; arguments?: Part[] }

function isImport(node: Node & { callee?: { name?: string } }): node is Import {
  return (
    node.type === 'ImportExpression' || (node.type === 'CallExpression' && node.callee?.name === 'require')
  )
}

/** As much as is looked at of an expression. */
type Part = Node & {
  left?: Part
  consequent?: Part
  alternate?: Part
  quasis?: { value: { cooked?: string } }[]
  value?: unknown
}

/** Whether what is put together begins with `./` or `../`. */
function beginsRelative(part: Part | undefined, isJoined = false): boolean {
  switch (part?.type) {
    case 'BinaryExpression':
      return beginsRelative(part.left, true)
    case 'ConditionalExpression':
      return beginsRelative(part.consequent, isJoined) || beginsRelative(part.alternate, isJoined)
    case 'TemplateLiteral':
      return (isJoined || (part.quasis?.length ?? 0) > 1) && isRelative(part.quasis?.[0]?.value.cooked)
    case 'Literal':
      return isJoined && isRelative(part.value)
    default:
      return false
  }
}

function isRelative(text: unknown): boolean {
  return typeof text === 'string' && /^\.\.?\//.test(text)
}
