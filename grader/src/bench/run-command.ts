import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { endTogether } from '../end-together.ts'

/** What a command that was timed did. */
export interface TimedRun {
  /** From its start to its end, in ms. */
  ms: number
  exitCode: number | null
}

/** Runs Drydock's own command line in a new process, and times it. */
export function timeCommand(root: string, args: string[]): Promise<TimedRun> {
  return time(process.execPath, [join(root, 'bin/drydock.mjs'), ...args], root)
}

/** The same through `npm run`, as a user types it. */
export function timeNpmScript(root: string, [script = '', ...args]: string[]): Promise<TimedRun> {
  const npm = process.env.npm_execpath
  const run = ['run', '--silent', script, '--', ...args]
  return npm ? time(process.execPath, [npm, ...run], root) : time('npm', run, root)
}

function time(program: string, args: string[], cwd: string): Promise<TimedRun> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32' && program === 'npm',
    })
    endTogether(child)
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ ms: performance.now() - started, exitCode }))
  })
}
