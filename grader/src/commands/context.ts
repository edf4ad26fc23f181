import type { Verdict } from '../runner/verdict.ts'
import type { Link } from '../subject/link.ts'

/** Where submissions run. */
export interface Links {
  /** Opens a link to a fresh process. */
  openLink: () => Link
  isolation: Verdict['isolation']
  /** Why it is unverified, as a sentence. */
  problem?: string
  /** Ends every process that was started. */
  close(): void
}

/** What every command is given. */
export interface CommandContext {
  /** The repository or the student edition. */
  root: string
  /** The folder of the compiled suites; it may hold none. */
  suites: string
  /** What the paths that a user types are relative to. */
  cwd: string
  /** @param ahead how many processes are kept ready; default 1 */
  openLinks: (ahead?: number) => Promise<Links>
  out: NodeJS.WriteStream
  in: NodeJS.ReadStream
  err: NodeJS.WriteStream
}

/** The command was used wrongly: exit code 2, and the message is for the user. */
export class UsageError extends Error {}
