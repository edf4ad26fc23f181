import type { Node, Token } from 'acorn'
import type { Script } from '../sandbox/protocol.ts'
import { Pieces } from './pieces.ts'
import { READ_LIMIT, syntaxTree } from './syntax-tree.ts'

/** A script that tells which of its pieces are entered. */
export interface MarkedScript {
  script: Script
  /** Where each piece stands, by the number that the script tells: `/0/2` is the third one of the first part. */
  places: readonly string[]
  /**
   * By its place, what stands in a piece but not in a piece within it, without comments. Under '' all that stands in none,
   * with what is given. A piece is entered only after those that it stands in: where their texts are the same, a place means
   * the same piece.
   */
  texts: ReadonlyMap<string, string>
}

/** What the compiler writes above each part of a script: whose it is. */
const HEADING = /^\/\/ (?:(?:room|ours):(\S+)|entry)$/gm
/** What stands for a piece in the text of the one around it, and between two words of a text. */
const WITHIN = '{…}'
const BETWEEN = '\0'

/**
 * Marks the pieces of rooms in a script. No line moves.
 *
 * @param rooms the names of the rooms: `store`
 * @returns `undefined` if the script cannot be marked
 */
export function markPieces(
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
    const pieces = new Pieces()
    let next = 0

    function within(node: Node, place: string, from: number): string {
      const own: string[] = []
      const takeUpTo = (end: number) => {
        for (let token = tokens[next]; token && token.start < end; token = tokens[++next])
          own.push(part.slice(token.start, token.end))
      }
      let marked = ''
      let at = from
      for (const [index, { node: piece, first, around }] of pieces.of(node).entries()) {
        takeUpTo(piece.start)
        own.push(WITHIN)
        const inner = `${place}/${index}`
        const number = places.push(inner) - 1
        const [opening = '', closing = ''] = around
        const mark = `${opening}${name}(${number})${around === '()' ? ',' : ';'}`
        marked += `${part.slice(at, first)}${mark}${within(piece, inner, first)}${closing}`
        at = piece.end
      }
      takeUpTo(node.end)
      texts.set(place, own.join(BETWEEN))
      return marked + part.slice(at, node.end)
    }

    return within(tree, place, 0)
  }

  try {
    const outside: string[] = []
    // With its length: two texts are another one where what ends the first begins the second.
    const keep = (text: string) => outside.push(`${text.length}:${text}`)
    keep(given)
    let marked = ''
    for (const [index, { of, text }] of partsIn(script).entries()) {
      const isTheirs = of !== undefined && rooms.includes(of)
      marked += isTheirs ? mark(text, `/${index}`) : text
      keep((isTheirs && texts.get(`/${index}`)) || text)
    }
    texts.set('', outside.join(''))
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

function nameNotIn(text: string): string {
  const taken = text.match(/entered_*/g) ?? []
  return taken.reduce((name, other) => (other.length < name.length ? name : `${other}_`), 'entered')
}

/** The same script, which tells besides which pieces were entered since that was asked last. */
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
