import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { bubblewrap, bubblewrapCommand } from './bubblewrap.ts'
import { SandboxUnavailable } from './fault.ts'
import { KERNEL_LIMITS } from './limits.ts'

/** What keeps a submission from the rest of the machine: `process` is no more than a process of its own. */
export type Isolation = 'bubblewrap' | 'process'

const NODE_FLAGS = [
  `--max-old-space-size=${KERNEL_LIMITS.heapBytes / 2 ** 20}`,
  // Until there is that much, in MiB, memory is not cleared up: a lesson takes less.
  '--initial-old-space-size=64',
  '--random-seed=1',
  // Else it would be chance when a function is optimized, which shows in how deep it can call itself.
  '--no-concurrent-recompilation',
  '--disallow-code-generation-from-strings',
  '--no-addons',
  '--no-warnings',
  // The other cores are busy with other submissions.
  '--single-threaded-gc',
  // On SIGINT, node prints where it is, even in a loop that never ends.
  '--trace-sigint',
  // Rooms are loaded anew for every check: what V8 optimizes is thrown away before it has paid for itself, unless it runs for
  // long. Later versions of V8 have no such flag.
  ...(Number.parseInt(process.versions.v8, 10) < 12 ? ['--interrupt-budget=4000000'] : []),
]

const onWindows = process.platform === 'win32'

/**
 * Starts node on a script, isolated, with nothing but the channel: fd 3. Its output comes through pipes.
 *
 * @param script a full path
 * @throws {SandboxUnavailable} if there is no bubblewrap and it was asked for
 */
export function launch(isolation: Isolation, script: string): ChildProcess {
  const [program = '', ...args] = limited(
    isolation === 'bubblewrap' ? inBubblewrap(script) : inProcess(realpathSync(script)),
  )
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // No folder of ours: none can be read or written from there, and none has to be cleared away.
    cwd: '/',
    env: onWindows && process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {},
    // A group of its own: Ctrl-C in a terminal is the grader's to answer, and the group can be ended as one.
    detached: !onWindows,
    windowsHide: true,
  })
}

function inBubblewrap(script: string): string[] {
  const program = bubblewrap()
  if (!program) throw new SandboxUnavailable('bubblewrap (bwrap) is not installed')
  return bubblewrapCommand(program, script, NODE_FLAGS)
}

function inProcess(script: string): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  return [process.execPath, ...NODE_FLAGS, permission, `--allow-fs-read=${script}`, script]
}

/** The command, under the kernel's limits for a process, as far as a shell can set them here. */
function limited(command: string[]): string[] {
  if (onWindows) return command
  const { cpuSeconds, dataBytes, openFiles } = KERNEL_LIMITS
  const limits = [`-t ${cpuSeconds}`, '-c 0', '-f 0', `-n ${openFiles}`, `-d ${dataBytes / 1024}`]
  const set = limits.map((limit) => `ulimit ${limit} 2>/dev/null`).join('; ')
  return ['/bin/sh', '-c', `${set}; exec "$@"`, 'sh', ...command]
}
