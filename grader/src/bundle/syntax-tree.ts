import type { Node } from 'acorn'

/** The parts of a node of a syntax tree (ESTree). */
export function partsOf(node: Node): Node[] {
  const parts: Node[] = []
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) parts.push(...value.filter(isNode))
    else if (isNode(value)) parts.push(value)
  }
  return parts
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
