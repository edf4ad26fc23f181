import MarkdownIt from 'markdown-it'

/** So many characters recall a requirement. */
const RECALL_LENGTH = 90
const markdown = new MarkdownIt()
const known = new Map<string, string>()

/**
 * What a lesson says, as it reads in a terminal: code keeps its backticks, a link its text, emphasis goes.
 * Indents, list markers and indented code stay as they are.
 */
export function plainMarkdown(text: string): string {
  const there = known.get(text)
  if (there !== undefined) return there
  const plain = text.split('\n').map(plainLine).join('\n')
  known.set(text, plain)
  return plain
}

/** As much of a requirement as recalls it: its first sentence, as far as it stands before a list, cut where that is long. */
export function recall(text: string): string {
  const [line = ''] = text.split('\n')
  const [sentence = line] = /^.*?[.](?=\s|$)/.exec(line) ?? []
  return sentence.length > RECALL_LENGTH ? `${sentence.slice(0, RECALL_LENGTH)}…` : sentence
}

function plainLine(line: string): string {
  const [, indent = '', rest = ''] = /^( *)(.*)$/.exec(line) ?? []
  if (indent.length >= 4) return line
  const tokens = markdown.parseInline(rest, {})[0]?.children ?? []
  const parts = tokens.map(({ type, content }) => {
    if (type === 'softbreak' || type === 'hardbreak') return ' '
    return type === 'code_inline' ? `\`${content}\`` : content
  })
  return indent + parts.join('')
}
