import kleur from 'kleur'

type Paint = (text: string) => string

/** The few colours of the learner's screens. */
export type Colours = Record<'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', Paint>

const same: Paint = (text) => text

/** No colours. */
export const plain: Colours = { bold: same, dim: same, green: same, red: same, yellow: same, cyan: same }

/** Colours for a stream: none where it is no terminal, or where somebody set `NO_COLOR`. */
export function coloursFor(out: NodeJS.WriteStream): Colours {
  const { NO_COLOR, TERM } = process.env
  if (!out.isTTY || (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return plain
  return {
    bold: (text) => kleur.bold(text),
    dim: (text) => kleur.dim(text),
    green: (text) => kleur.green(text),
    red: (text) => kleur.red(text),
    yellow: (text) => kleur.yellow(text),
    cyan: (text) => kleur.cyan(text),
  }
}
