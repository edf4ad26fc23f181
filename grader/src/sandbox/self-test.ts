import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { repositoryRoot } from '../paths.ts'
import { inTemporaryFolder } from '../temporary-folder.ts'
import { bubblewrap } from './bubblewrap.ts'
import type { Isolation } from './launch.ts'
import { startSandbox } from './sandbox.ts'

const REPOSITORY = repositoryRoot()
const PROBE = join(REPOSITORY, 'grader/src/sandbox/probe.cjs')

let proof: Promise<Isolation> | undefined
let problem: string | undefined

/**
 * The isolation that this machine is seen to give. The first call runs a probe in bubblewrap that tries to get out;
 * where it gets at anything, or where bubblewrap does not run, it is `process`, and {@link isolationProblem} says why.
 */
export function proveIsolation(): Promise<Isolation> {
  proof ??= whatIsWrong().then((found) => {
    problem = found
    return found === undefined ? 'bubblewrap' : 'process'
  })
  return proof
}

/** Why {@link proveIsolation} found no isolation, as a sentence without a full stop; `undefined` if it found one. */
export function isolationProblem(): string | undefined {
  return problem
}

async function whatIsWrong(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `bubblewrap runs on Linux, and this is ${process.platform}`
  if (!bubblewrap()) return 'bubblewrap (bwrap) is not installed'
  try {
    const succeeded = await inTemporaryFolder('secret', probe)
    if (succeeded.length === 0) return undefined
    return `inside bubblewrap it was possible to ${succeeded.slice(0, 3).join(', to ')}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** @returns what the probe could do */
async function probe(folder: string): Promise<string[]> {
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'secret')
  const server = await listen()
  const plan = {
    read: [
      ...[secret, REPOSITORY, PROBE, '/etc/passwd', '/usr/bin', '/tmp', '/run', '/sys', '/dev'],
      ...['/proc/1/environ', '/proc/self/environ', `/proc/${process.pid}/environ`],
    ],
    write: [secret, '/written', '/app/boot.cjs', '/app/written', '/tmp/written', '/dev/shm/written'],
    run: ['/bin/sh', '/usr/bin/env', '/bin/busybox'],
    pids: [process.pid, process.ppid].filter((pid) => pid > 1),
    port: (server.address() as AddressInfo).port,
  }
  const sandbox = startSandbox({ agent: JSON.stringify(plan), isolation: 'bubblewrap', boot: PROBE })
  try {
    const answer: unknown = JSON.parse(await sandbox.request(''))
    if (!Array.isArray(answer)) throw new Error('the probe gave no answer')
    return answer.map(String)
  } finally {
    sandbox.stop()
    server.close()
  }
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.on('error', reject).listen(0, '127.0.0.1', () => resolve(server))
  })
}
