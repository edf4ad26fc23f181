/**
 * Characters that would do something to a terminal, a log or a reader instead of being read: controls (C0 but
 * for line feed, DEL, C1), line and paragraph separators, everything that changes the direction of text, has
 * no width or looks like a space without being one, and halves of surrogate pairs.
 */
export const ACTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u2028-\u202e\u2066-\u2069\u2800\ufff9-\ufffb]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}|\p{Cs}/gu

/** So many spaces that what follows them would stand on a line of its own; and a pile of marks on one letter. */
const PADDING = /(?<=\S) {12,}/g
const PILE = /(\p{M}{4})\p{M}+/gu

/** Words that a CI service takes for a command wherever they stand: `##[group]`, `##vso[…]`, `##teamcity[…]`. */
const CI_COMMAND_ANYWHERE = /##(?=\w*\[)/g
/** At the begin of a line: `::error::`, too. */
const CI_COMMAND = /^(\s*)(::|##)/gm

/** Shows what would act as `\u{1b}` instead. */
export function withoutActive(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Makes text of a submission's safe to print. */
export function escapeForTerminal(text: string): string {
  return withoutActive(text.replaceAll('\t', '  '))
    .replace(PADDING, ' … ')
    .replace(PILE, '$1…')
    .replace(CI_COMMAND_ANYWHERE, '# #')
    .replace(CI_COMMAND, (_, space: string, mark: string) => `${space}${mark[0]} ${mark[1]}`)
}

/** The same for text that has to stay on one line. */
export function escapeForLine(text: string): string {
  return escapeForTerminal(text.replaceAll('\n', ' ⏎ '))
}
