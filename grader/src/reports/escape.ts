/**
 * Characters that would do something to a terminal, a log or a reader instead of being read: controls (C0 but
 * for line feed, DEL, C1), line and paragraph separators, everything that changes the direction of text or has
 * no width, and halves of surrogate pairs.
 */
const ACTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

/** Words that a CI service takes for a command wherever they stand: `##[group]`, `##vso[…]`, `##teamcity[…]`. */
const CI_COMMAND_ANYWHERE = /##(?=\w*\[)/g
/** At the begin of a line: `::error::`, too. */
const CI_COMMAND = /^(\s*)(::|##)/gm

/** Makes text of a submission's safe to print: what would act is shown as `\u{1b}` instead. */
export function escapeForTerminal(text: string): string {
  return text
    .replace(ACTIVE, (character) =>
      character === '\t' ? '  ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .replace(CI_COMMAND_ANYWHERE, '# #')
    .replace(CI_COMMAND, (_, space: string, mark: string) => `${space}${mark[0]} ${mark[1]}`)
}

/** The same for text that has to stay on one line. */
export function escapeForLine(text: string): string {
  return escapeForTerminal(text.replaceAll('\n', ' ⏎ '))
}
