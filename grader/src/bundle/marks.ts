import { type Node, parse } from 'acorn'
import type { Script } from '../sandbox/protocol.ts'
import { partsOf } from './syntax-tree.ts'

/** A script that tells which of its functions are entered. */
export interface MarkedScript {
  script: Script
  /** Where each function stands, by the number that the script tells: `/2/0` is the first one in the third of the script. */
  places: readonly string[]
  /**
   * By its place, what stands in a function but not in a function within it. Under '' what stands in none, with what is given.
   * A function is entered only after those that it stands in: where their texts are the same, a place means the same function.
   */
  texts: ReadonlyMap<string, string>
}

/** The largest script that is marked, in characters. */
const MARKED_LIMIT = 2 ** 20
/** What stands for a function in the text of the one around it. */
const WITHIN = '{…}'

/**
 * Marks the functions of a script's rooms, but for those that are no more than an expression: these belong to what is around
 * them. No line moves.
 *
 * @returns `undefined` if the script cannot be marked
 */
export function markFunctions({ given, rooms }: Script): MarkedScript | undefined {
  if (rooms.length > MARKED_LIMIT) return undefined
  const places: string[] = []
  const texts = new Map<string, string>()
  const mark = nameNotIn(rooms)

  /** The text of a part with its marks. */
  function marked(part: Node, place: string, start: number): string {
    let own = ''
    let all = ''
    let at = start
    for (const [index, body] of bodiesIn(part).entries()) {
      const before = rooms.slice(at, body.start)
      const within = `${place}/${index}`
      const first = afterDirectives(body)
      const number = places.push(within) - 1
      own += before + WITHIN
      all += `${before}${rooms.slice(body.start, first)}${mark}(${number});${marked(body, within, first)}`
      at = body.end
    }
    const after = rooms.slice(at, part.end)
    texts.set(place, own + after)
    return all + after
  }

  try {
    const text = marked(parse(rooms, { ecmaVersion: 'latest' }), '', 0)
    texts.set('', given + texts.get(''))
    return { script: { given, rooms: telling(text, mark) }, places, texts }
  } catch (error) {
    // What is too deep for one of the two, or newer than the parser.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The bodies of the functions in a part that stand in no other function of it, in their order. */
function bodiesIn(part: Node): Node[] {
  const bodies: Node[] = []
  const look = (node: Node) => {
    for (const child of partsOf(node)) {
      if (child.type === 'BlockStatement' && isFunction(node)) bodies.push(child)
      else look(child)
    }
  }
  look(part)
  return bodies.sort((a, b) => a.start - b.start)
}

function isFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

/** Where the first statement of a body may stand: `'use strict'` holds only where nothing stands before it. */
function afterDirectives(body: Node): number {
  const { body: statements } = body as Node & { body: (Node & { directive?: string })[] }
  const directives = statements.filter(({ directive }) => directive !== undefined)
  return directives.at(-1)?.end ?? body.start + 1
}

function nameNotIn(text: string): string {
  let name = 'entered'
  while (text.includes(name)) name += '_'
  return name
}

/** The same script, which tells besides which functions were entered since that was asked last. */
function telling(rooms: string, mark: string): string {
  // Nothing in it can be replaced by the rooms.
  const setUp = `const seen = []; let fresh = []; const ${mark} = (n) => { if (!seen[n]) { seen[n] = true; fresh[fresh.length] = n } }`
  const tell = `entered() { const told = fresh; fresh = []; return told }`
  return `(() => { ${setUp}; return { ...(${rooms})(), ${tell} } })`
}
