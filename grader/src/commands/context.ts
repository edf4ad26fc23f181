import type { OpenLinks } from '../subject/open-links.ts'

/** What every command is given. */
export interface CommandContext {
  /** The repository or the student edition. */
  root: string
  /** The folder of the compiled suites; it may hold none. */
  suites: string
  /** What the paths that a user types are relative to. */
  cwd: string
  openLinks: OpenLinks
  out: NodeJS.WriteStream
  in: NodeJS.ReadStream
  err: NodeJS.WriteStream
}

/** The command was used wrongly: exit code 2, and the message is for the user. */
export class UsageError extends Error {}
