import type { Node } from 'acorn'
import { partsOf } from './syntax-tree.ts'

/**
 * A piece of a program that nothing comes into but through the piece around it: what a function does, what stands in a branch
 * or a loop.
 */
export interface Piece {
  node: Node
  /** Where it can be told that it is entered. */
  first: number
  /** What must stand around it then. */
  around: '' | '{}' | '()'
}

const FUNCTION = /^(?:Function(?:Declaration|Expression)|ArrowFunctionExpression)$/
const LOOP = /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/

/** Finds the pieces of a program. */
export class Pieces {
  readonly #declares = new Map<Node, boolean>()

  /** The pieces in a node that stand in no other piece of it, in their order. */
  of(whole: Node): Piece[] {
    const pieces: Piece[] = []
    const look = (node: Node) => {
      for (const part of partsOf(node)) {
        const piece = this.#pieceOf(part, node)
        if (piece) pieces.push(piece)
        else look(part)
      }
    }
    look(whole)
    return pieces.sort((a, b) => a.node.start - b.node.start)
  }

  #pieceOf(node: Node, parent: Node & { body?: unknown; test?: unknown }): Piece | undefined {
    const isBlock = node.type === 'BlockStatement'
    const isBody = node === parent.body
    if (FUNCTION.test(parent.type)) {
      if (!isBody) return undefined
      return isBlock
        ? { node, first: afterDirectives(node), around: '' }
        : { node, first: node.start, around: '()' }
    }
    const isBranch = parent.type === 'IfStatement' && node !== parent.test
    const isLoop = LOOP.test(parent.type) && isBody
    const isHandler = parent.type === 'CatchClause' && isBody
    // Such a variable is the function's, wherever in it that is said.
    if (!(isBranch || isLoop || isHandler) || this.#declaresVariable(node)) return undefined
    return isBlock ? { node, first: node.start + 1, around: '' } : { node, first: node.start, around: '{}' }
  }

  /** Whether a `var` stands in it, but in no function within it. */
  #declaresVariable(node: Node & { kind?: string }): boolean {
    const known = this.#declares.get(node)
    if (known !== undefined) return known
    const declares =
      (node.type === 'VariableDeclaration' && node.kind === 'var') ||
      (!FUNCTION.test(node.type) && partsOf(node).some((part) => this.#declaresVariable(part)))
    this.#declares.set(node, declares)
    return declares
  }
}

/** Where the first statement of a body may stand: `'use strict'` holds only where nothing stands before it. */
function afterDirectives(body: Node): number {
  const { body: statements } = body as Node & { body: (Node & { directive?: string })[] }
  const directives = statements.filter(({ directive }) => directive !== undefined)
  return directives.at(-1)?.end ?? body.start + 1
}
