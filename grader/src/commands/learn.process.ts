// The learner's loop in a process of its own, whose terminal is a pipe to whoever measures it.
// Arguments: the real repository, the folder with links to it and a work/ of its own, the suites, the lesson.

import { openLinks } from '../subject/open-links.ts'
import type { CommandContext } from './context.ts'
import { learn } from './learn.ts'

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
// Whoever measures may be gone already.
if (process.connected) process.disconnect()
