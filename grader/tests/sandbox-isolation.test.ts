import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { repositoryRoot } from '../src/paths.ts'
import { bubblewrap } from '../src/sandbox/bubblewrap.ts'
import { usageOf } from '../src/sandbox/process-tree.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import { isolationProblem, proveIsolation } from '../src/sandbox/self-test.ts'

const fileOf = (name: string) => fileURLToPath(new URL(`../src/sandbox/${name}`, import.meta.url))

// Inside the repository, because the grader looks for it above itself.
const cache = join(repositoryRoot(), 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(join(cache, 'drydock-test-'))
const grader = join(folder, 'grader.mjs')

/** A grader in a process of its own: starts a sandbox, has it loop or wait, and prints the sandbox's process id. */
const GRADER = `
import { startSandbox } from ${JSON.stringify(fileOf('sandbox.ts'))}
const [, , isolation, request, end] = process.argv
const agent = '(host) => (line) => { if (line === "loop") for (;;); host.reply(line) }'
const sandbox = startSandbox({ agent, isolation, boot: ${JSON.stringify(fileOf('boot.cjs'))} })
await sandbox.request('ready')
if (request === 'loop') sandbox.request('loop').catch(() => undefined)
console.log(sandbox.pid)
if (end === 'exit') setTimeout(() => process.exit(0), 100)
setInterval(() => undefined, 1000)
`

beforeAll(async () => {
  const entry = join(folder, 'entry.ts')
  writeFileSync(entry, GRADER)
  const root = fileURLToPath(new URL('../..', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile: grader,
    bundle: true,
    platform: 'node',
    format: 'esm',
    nodePaths: [join(root, 'node_modules')],
    logLevel: 'silent',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

function startGrader(...args: string[]): Promise<{ child: ChildProcess; pids: number[] }> {
  const child = spawn(process.execPath, [grader, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.stdout.once('data', (line: Buffer) => resolve({ child, pids: usageOf(Number(line)).pids }))
  })
}

async function endOf(child: ChildProcess, how: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (how === 'killed') child.kill('SIGKILL')
  await ended
}

/** Waits until none of them runs; one that has ended may stay listed until somebody asks for it. */
async function allGone(pids: number[]): Promise<boolean> {
  const runs = (pid: number) => {
    try {
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  for (let i = 0; i < 100 && pids.some(runs); i++) await new Promise((resolve) => setTimeout(resolve, 20))
  return !pids.some(runs)
}

describe('the self-test', () => {
  it.skipIf(!bubblewrap())('finds that bubblewrap keeps a process from everything', async () => {
    expect([await proveIsolation(), isolationProblem()]).toEqual(['bubblewrap', undefined])
  })

  it('sees a way out where there is one', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const probe = fileOf('probe.cjs')
    const plan = { read: [probe], write: [], run: [], pids: [process.pid], port }
    const sandbox = startSandbox({ agent: JSON.stringify(plan), isolation: 'process', boot: probe })
    const succeeded: unknown = JSON.parse(await sandbox.request(''))
    expect(succeeded).toContain(`read ${probe}`)
    expect(succeeded).toContain(`see process ${process.pid}`)
    sandbox.stop()
    server.close()
  })

  it('says why there is no isolation', async () => {
    vi.resetModules()
    vi.stubEnv('PATH', folder)
    const fresh = await import('../src/sandbox/self-test.ts')
    const { startSandbox } = await import('../src/sandbox/sandbox.ts')
    expect(await fresh.proveIsolation()).toBe('process')
    expect(fresh.isolationProblem()).toMatch(/^bubblewrap (\(bwrap\) is not installed|runs on Linux, )/)
    expect(() => startSandbox({ agent: '', isolation: 'bubblewrap' })).toThrow('(bwrap) is not installed')
    vi.unstubAllEnvs()
  })
})

describe('where no processor time can be measured', () => {
  it('ends a loop after a time by the clock, and says where it was', async () => {
    vi.resetModules()
    vi.doMock('../src/sandbox/process-tree.ts', async (original) => ({
      ...(await original<typeof import('../src/sandbox/process-tree.ts')>()),
      canMeasure: false,
    }))
    const { startSandbox } = await import('../src/sandbox/sandbox.ts')
    const agent = `(host) => (line) => host.evaluate(line, 'rooms.js')`
    const sandbox = startSandbox({ agent, isolation: 'process' })
    await expect(sandbox.request('function stuck() { for (;;); }; stuck()')).rejects.toMatchObject({
      outcome: 'timed-out',
      message: 'no answer within 2 s',
      frames: process.platform === 'win32' ? [] : [{ function: 'stuck', line: 1 }, { line: 1 }],
    })
    vi.doUnmock('../src/sandbox/process-tree.ts')
  })
})

describe.skipIf(process.platform !== 'linux')('when the grader is gone', () => {
  it.skipIf(!bubblewrap()).each([
    ['killed', 'loop'],
    ['killed', 'wait'],
    ['exit', 'loop'],
  ])('nothing is left of a sandbox in bubblewrap (%s, %s)', async (end, request) => {
    const { child, pids } = await startGrader('bubblewrap', request, end)
    await endOf(child, end)
    expect(await allGone(pids)).toBe(true)
  })

  it.each([
    ['killed', 'wait'],
    ['exit', 'loop'],
  ])('nothing is left of a sandbox in a process (%s, %s)', async (end, request) => {
    const { child, pids } = await startGrader('process', request, end)
    await endOf(child, end)
    expect(await allGone(pids)).toBe(true)
  })

  it('a loop in a process that nobody watches any more ends at a limit of the kernel', async () => {
    const { child, pids } = await startGrader('process', 'wait', 'killed')
    expect(readFileSync(`/proc/${pids[0]}/limits`, 'utf8')).toMatch(/^Max cpu time +25 +25 /m)
    child.kill('SIGKILL')
  })
})
