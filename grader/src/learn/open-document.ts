import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Editors that open a window of their own: any other might want the terminal that the loop is in. */
const WINDOWED = new Set(
  'atom bbedit code code-insiders codium cursor fleet gedit gvim idea kate mate mousepad notepad++ pulsar subl webstorm windsurf xed zed'.split(
    ' ',
  ),
)

/**
 * Opens a file in a window, if there is anything that can, and waits for nothing.
 *
 * @returns the program that was asked to; `undefined` if there is none
 */
export function openDocument(file: string): string | undefined {
  const [program, ...args] = opener() ?? []
  if (program === undefined) return undefined
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore' })
  // A program that is not there after all: the path was printed.
  child.on('error', () => undefined)
  child.unref()
  return program
}

function opener(): string[] | undefined {
  // There the command of an editor is mostly a script, which only a shell could start.
  if (process.platform === 'win32') return ['explorer']
  const { VISUAL, EDITOR, DISPLAY, WAYLAND_DISPLAY } = process.env
  for (const editor of [VISUAL, EDITOR]) {
    const command = editor?.trim().split(/\s+/) ?? []
    // It is not to be waited for: that is what the flag would ask.
    const [program = '', ...flags] = command.filter((part) => part !== '--wait' && part !== '-w')
    if (WINDOWED.has(basename(program))) return [program, ...flags]
  }
  if (process.platform === 'darwin') return ['open']
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}
