import type { Node } from 'acorn'

/** The parts of a node of a syntax tree (ESTree). */
export function partsOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
