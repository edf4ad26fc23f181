import type { Node, Token } from 'acorn'
import type { Script } from '../sandbox/protocol.ts'
import { partsOf, READ_LIMIT, syntaxTree } from './syntax-tree.ts'

/** A script that tells which of its functions are entered. */
export interface MarkedScript {
  script: Script
  /** Where each function stands, by the number that the script tells: `/0/2` is the third one of the first part. */
  places: readonly string[]
  /**
   * By its place, what stands in a function but not in a function within it, without comments. Under '' all that stands in
   * none, with what is given. A function is entered only after those that it stands in: where their texts are the same, a
   * place means the same function.
   */
  texts: ReadonlyMap<string, string>
}

/** What the compiler writes above each part of a script: whose it is. */
const HEADING = /^\/\/ (?:(?:room|ours):(\S+)|entry)$/gm
/** What stands for a function in the text of the one around it, and between two words of a text. */
const WITHIN = '{…}'
const BETWEEN = '\0'

/**
 * Marks the functions of rooms in a script, but for those that are no more than an expression: these belong to what is around
 * them. No line moves.
 *
 * @param rooms the names of the rooms: `store`
 * @returns `undefined` if the script cannot be marked
 */
export function markFunctions(
  { given, rooms: script }: Script,
  rooms: readonly string[],
): MarkedScript | undefined {
  if (script.length > READ_LIMIT) return undefined
  const places: string[] = []
  const texts = new Map<string, string>()
  const name = nameNotIn(script)

  /** A part of the script with its marks. */
  function mark(part: string, place: string): string {
    const tokens: Token[] = []
    const tree = syntaxTree(part, { onToken: tokens })
    let next = 0

    function within(node: Node, place: string, from: number): string {
      const own: string[] = []
      const takeUpTo = (end: number) => {
        for (let token = tokens[next]; token && token.start < end; token = tokens[++next])
          own.push(part.slice(token.start, token.end))
      }
      let marked = ''
      let at = from
      for (const [index, body] of bodiesIn(node).entries()) {
        takeUpTo(body.start)
        own.push(WITHIN)
        const inner = `${place}/${index}`
        const first = afterDirectives(body)
        const number = places.push(inner) - 1
        marked += `${part.slice(at, first)}${name}(${number});${within(body, inner, first)}`
        at = body.end
      }
      takeUpTo(node.end)
      texts.set(place, own.join(BETWEEN))
      return marked + part.slice(at, node.end)
    }

    return within(tree, place, 0)
  }

  try {
    const outside = [given]
    let marked = ''
    for (const [index, { of, text }] of partsIn(script).entries()) {
      const isTheirs = of !== undefined && rooms.includes(of)
      marked += isTheirs ? mark(text, `/${index}`) : text
      outside.push((isTheirs && texts.get(`/${index}`)) || text)
    }
    texts.set('', outside.join(BETWEEN))
    return { script: { given, rooms: telling(marked, name) }, places, texts }
  } catch (error) {
    // What is too deep for one of the two, or newer than the parser.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

/** The parts of a script, one after the other, and the rooms that they are of. */
function partsIn(script: string): { of?: string | undefined; text: string }[] {
  const headings = [...script.matchAll(HEADING)]
  const first = { text: script.slice(0, headings[0]?.index) }
  return [
    first,
    ...headings.map(({ index, 1: of }, at) => ({ of, text: script.slice(index, headings[at + 1]?.index) })),
  ]
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
  const taken = text.match(/entered_*/g) ?? []
  return taken.reduce((name, other) => (other.length < name.length ? name : `${other}_`), 'entered')
}

/** The same script, which tells besides which functions were entered since that was asked last. */
function telling(rooms: string, name: string): string {
  // The rooms see the mark's own name and no other, and can replace nothing of how it works.
  const makeMark = `() => {
    const seen = []
    let fresh = []
    const mark = (number) => { if (!seen[number]) { seen[number] = true; fresh[fresh.length] = number } }
    return { mark, entered() { const told = fresh; fresh = []; return told } }
  }`
  const make = `(makeRooms, makeMark) => () => { const { mark, entered } = makeMark(); return { ...makeRooms(mark), entered } }`
  return `(${make})((${name}) => (${rooms})(), ${makeMark})`
}
