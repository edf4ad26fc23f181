import type { Token } from 'markdown-it'
import { lineOf } from './sections.ts'

/** One item of a list at the top level of a section. */
export interface ListItem {
  /** From 1. */
  line: number
  /** Its source: each paragraph on one line, nested items indented by two spaces, code by four. */
  text: string
}

/** The lists at the top level of a section, in order. */
export interface List {
  ordered: boolean
  line: number
  items: ListItem[]
}

/** Finds the lists that stand directly under a heading; lists inside their items are part of the items. */
export function topLevelLists(tokens: readonly Token[]): List[] {
  const lists: List[] = []
  let itemFrom = 0
  for (const [index, token] of tokens.entries()) {
    const isList = token.type === 'bullet_list_open' || token.type === 'ordered_list_open'
    if (isList && token.level === 0) {
      lists.push({ ordered: token.type === 'ordered_list_open', line: lineOf(token), items: [] })
    } else if (token.type === 'list_item_open' && token.level === 1) {
      itemFrom = index
    } else if (token.type === 'list_item_close' && token.level === 1) {
      const text = sourceOf(tokens.slice(itemFrom + 1, index))
      lists.at(-1)?.items.push({ line: lineOf(tokens[itemFrom]), text })
    }
  }
  return lists
}

/** How a text begins, for a message: at most 30 characters of its first line. */
export function beginningOf(text: string): string {
  return text.replace(/\n.*/s, '').slice(0, 30)
}

function sourceOf(tokens: readonly Token[]): string {
  const lines: string[] = []
  let depth = 0
  let marker = ''
  for (const token of tokens) {
    if (token.type.endsWith('_list_open')) depth += 1
    else if (token.type.endsWith('_list_close')) depth -= 1
    else if (token.type === 'list_item_open') marker = token.info === '' ? '- ' : `${token.info}. `
    else if (token.type === 'inline') {
      lines.push('  '.repeat(depth) + marker + token.content.replaceAll('\n', ' '))
      marker = ''
    } else if (token.type === 'fence' || token.type === 'code_block') {
      const code = token.content.replace(/\n$/, '').split('\n')
      lines.push(...code.map((line) => (line === '' ? '' : `    ${'  '.repeat(depth)}${line}`)))
    }
  }
  return lines.join('\n')
}
