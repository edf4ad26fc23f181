// The learner's loop in a process of its own, whose terminal is a pipe to whoever measures it.
// Arguments: the real repository, the folder with links to it and a work/ of its own, the suites, the lesson.
import type { CommandContext } from '../commands/context.ts'
import { learn } from '../commands/learn.ts'
import { openLinks } from '../subject/open-links.ts'

const [repository = '', root = '', suites = '', lesson = ''] = process.argv.slice(2)

const context: CommandContext = {
  root,
  suites,
  cwd: root,
  openLinks: (ahead) => openLinks(repository, ahead),
  out: Object.assign(process.stdout, { isTTY: true, columns: 100, rows: 40 }),
  in: Object.assign(process.stdin, { isTTY: true, setRawMode: () => process.stdin }),
  err: process.stderr,
}

process.exitCode = await learn(context, { lesson, onFrame: (frame) => process.send?.(frame) })
process.disconnect?.()
