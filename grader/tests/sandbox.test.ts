import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import { bubblewrap } from '../src/sandbox/bubblewrap.ts'
import type { SandboxFault } from '../src/sandbox/fault.ts'
import type { Isolation } from '../src/sandbox/launch.ts'
import { canMeasure } from '../src/sandbox/process-tree.ts'
import type { Script } from '../src/sandbox/protocol.ts'
import { type Sandbox, startSandbox, stopAllSandboxes } from '../src/sandbox/sandbox.ts'
import { RemoteSubject } from '../src/subject/remote.ts'

/** Evaluates each request as a script; a function is called with the host; answers with what it saw. */
const AGENT = `(host) => (line) => {
  const uncaught = []
  host.onFault = (error) => uncaught.push(String(error))
  let value
  try {
    value = host.evaluate(JSON.parse(line), 'rooms.js')
    if (typeof value === 'function') value = value(host)
  } catch (error) {
    value = String(error)
  }
  host.settle(() => host.reply(JSON.stringify({ value, uncaught })))
}`

/** In place of `boot.cjs`: a submission that has got hold of all of node. A request is code for its hands. */
const ESCAPED = `
const fs = require('node:fs')
const { Script } = require('node:vm')
const chunk = Buffer.alloc(65536)
let text = ''
const line = () => {
  while (!text.includes('\\n')) {
    const size = fs.readSync(3, chunk)
    if (size === 0) process.exit(0)
    text += chunk.toString('utf8', 0, size)
  }
  const at = text.indexOf('\\n')
  const first = text.slice(0, at)
  text = text.slice(at + 1)
  return first
}
const write = (what) => { const bytes = Buffer.from(what); for (let at = 0; at < bytes.length; ) at += fs.writeSync(3, bytes, at) }
line()
write('s\\n')
const next = () => {
  new Script('(require, process, write) => {' + JSON.parse(line()) + '}').runInThisContext()(require, process, write)
  setImmediate(next)
}
setImmediate(next)
`

const folder = mkdtempSync(join(tmpdir(), 'drydock-test-'))
const escaped = join(folder, 'escaped.cjs')
writeFileSync(escaped, ESCAPED)

afterEach(() => stopAllSandboxes())
afterAll(() => rmSync(folder, { recursive: true }))

async function faultOf(answer: Promise<unknown>): Promise<SandboxFault> {
  try {
    await answer
  } catch (error) {
    return error as SandboxFault
  }
  throw new Error('there was an answer')
}

/** Whether a process with this id is there, and is not only waiting to be counted as dead. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && runs(pid); i++) await new Promise((resolve) => setTimeout(resolve, 20))
  return !runs(pid)
}

const isolations: Isolation[] = ['bubblewrap', 'process']

for (const isolation of isolations) {
  const missing = isolation === 'bubblewrap' && !bubblewrap()

  describe.skipIf(missing)(`a sandbox in ${isolation === 'process' ? 'a process' : 'bubblewrap'}`, () => {
    const start = (agent = AGENT) => startSandbox({ agent, isolation })
    const ask = async (sandbox: Sandbox, source: string) =>
      JSON.parse(await sandbox.request(JSON.stringify(source))) as { value: unknown; uncaught: string[] }

    const startEscaped = () => startSandbox({ agent: '', isolation, boot: escaped })
    const order = (sandbox: Sandbox, code: string) => sandbox.request(JSON.stringify(code))

    it('answers one request after the other', async () => {
      const sandbox = start()
      expect(await ask(sandbox, '6 * 7')).toEqual({ value: 42, uncaught: [] })
      for (let i = 0; i < 100; i++) expect(await ask(sandbox, `${i}`)).toEqual({ value: i, uncaught: [] })
      expect(sandbox.alive).toBe(true)
    })

    it('runs ahead of time what is given, once', async () => {
      const given = 'var runs = (globalThis.runs ?? 0) + 1'
      const sandbox = startSandbox({ agent: await agentScript(repositoryRoot()), given, isolation })
      const rooms = `() => { const now = runs; return { rooms: { room: { runs: () => now } }, enteredStubs: () => [] } }`
      const ran = (script: Script) =>
        new RemoteSubject(sandbox, 1, script).room<{ runs(): number }>('room').call('runs')
      expect(await ran({ given, rooms })).toBe(1)
      expect(await ran({ given: `${given};`, rooms })).toBe(2)
    })

    it('carries long messages, with any characters, both ways', async () => {
      const sandbox = start()
      const { value } = await ask(
        sandbox,
        `'\u{1F40B}é\\u0000' + 'x'.repeat(${2 ** 20}) /* ${'y'.repeat(2 ** 20)} */`,
      )
      expect(value).toBe(`\u{1F40B}é\u0000${'x'.repeat(2 ** 20)}`)
    })

    it('hands on what is printed, up to a limit', async () => {
      const sandbox = start()
      const lines: string[] = []
      sandbox.onLog((line) => lines.push(line))
      await ask(sandbox, `(host) => { for (let i = 0; i < 500; i++) host.log(i + 'x'.repeat(20_000)) }`)
      expect(lines).toHaveLength(200)
      expect(lines[7]).toBe(`7${'x'.repeat(15_999)}`)
    })

    it('settles when every promise job has run, and forwards what nobody caught', async () => {
      const sandbox = start()
      const { uncaught } = await ask(
        sandbox,
        `var n = 0
         var later = () => { if (++n < 1000) return Promise.resolve().then(later); throw new Error('at last') }
         later()
         queueMicrotask(() => { throw new Error('in a microtask') })
         queueMicrotask(() => { globalThis.after = true })`
          .replace('let n', 'var n')
          .replace('const later', 'var later'),
      )
      expect(uncaught).toEqual(['Error: in a microtask', 'Error: at last'])
      expect(await ask(sandbox, 'after')).toEqual({ value: true, uncaught: [] })
    })

    it('has a bare realm', async () => {
      const sandbox = start()
      const names = [
        'process',
        'require',
        'Buffer',
        'fetch',
        'setTimeout',
        'setImmediate',
        'performance',
        'crypto',
      ]
      const more = [
        'WebAssembly',
        'SharedArrayBuffer',
        'Atomics',
        'navigator',
        'AbortSignal',
        'console',
        'global',
      ]
      for (const name of [...names, ...more])
        expect(await ask(sandbox, `typeof ${name}`)).toEqual({ value: 'undefined', uncaught: [] })
      expect(await ask(sandbox, 'structuredClone(new Map([[1, 2]])).get(1)')).toEqual({
        value: 2,
        uncaught: [],
      })
      const { value } = await ask(sandbox, `new Function('return 1')()`)
      expect(value).toContain('Code generation from strings disallowed')
      expect(
        await ask(sandbox, `import('node:fs').then(() => { globalThis.got = 1 }, () => 0), 0`),
      ).toMatchObject({
        uncaught: [],
      })
      expect(await ask(sandbox, 'typeof got')).toMatchObject({ value: 'undefined' })
    })

    it.skipIf(!canMeasure).each([
      ['a loop', `function inner() { for (;;); }\nfunction outer() { inner() }\nouter()`, 'inner', 1],
      [
        'microtasks without end',
        `\nvar again = () => { Promise.resolve().then(again) }; again()`,
        'again',
        2,
      ],
      [
        'a regular expression',
        `\n\nfunction match() { /^(a+)+$/.test('a'.repeat(40) + 'b') }\nmatch()`,
        'match',
        3,
      ],
    ])('ends %s, and says where it was', async (_, source, name, line) => {
      const sandbox = start()
      await ask(sandbox, '1')
      const fault = await faultOf(ask(sandbox, source))
      expect(fault).toMatchObject({
        outcome: 'timed-out',
        limit: 'requestCpu',
        message: 'still running after 1 s of processor time or 256 MiB of memory',
      })
      expect(fault.frames[0]).toMatchObject({ function: name, line })
      expect(sandbox.alive).toBe(false)
    })

    it.skipIf(!canMeasure).each([
      ['objects', `var all = []; for (;;) all.push({ x: [1, 2, 3] })`],
      ['buffers', `var all = []; for (;;) all.push(new Uint8Array(1e7).fill(1))`],
    ])('ends a room that fills the memory with %s', async (_, source) => {
      const sandbox = start()
      expect(await faultOf(ask(sandbox, source))).toMatchObject({
        outcome: 'timed-out',
        limit: 'memory',
        message: 'still running after 1 s of processor time or 256 MiB of memory',
      })
    })

    it('rejects for ever after a fault, with the same fault', async () => {
      const sandbox = startEscaped()
      const fault = await faultOf(order(sandbox, 'process.exit(3)'))
      expect(fault).toMatchObject({ outcome: 'crashed', message: 'the process ended (exit code 3)' })
      expect(await faultOf(order(sandbox, '1'))).toBe(fault)
      expect(sandbox.alive).toBe(false)
    })

    it('takes an answer that came before the end, and no other', async () => {
      const sandbox = startEscaped()
      expect(await order(sandbox, `write('r1\\n'); process.reallyExit(0)`)).toBe('1')
      expect(await faultOf(order(sandbox, '1'))).toMatchObject({
        outcome: 'crashed',
        message: 'the process ended (exit code 0)',
      })
    })

    it.each([
      ['an unknown kind of line', `write('x\\n')`, 'crashed'],
      ['an empty line', `write('\\n')`, 'crashed'],
      ['a second start', `write('s\\n')`, 'crashed'],
      ['bytes that are no UTF-8', `require('fs').writeSync(3, new Uint8Array([114, 255, 10]))`, 'crashed'],
      ['a line without end', `for (;;) write('r' + 'x'.repeat(65536))`, 'over-limit'],
      ['lines without end', `for (;;) write('l' + 'x'.repeat(65536) + '\\n')`, 'over-limit'],
      ['output without end', `for (;;) require('fs').writeSync(1, 'x'.repeat(65536))`, 'over-limit'],
      ['error output without end', `for (;;) require('fs').writeSync(2, 'x'.repeat(65536))`, 'over-limit'],
      ['an abort', `process.abort()`, 'crashed'],
      ['a closed channel', `require('fs').closeSync(3)`, 'crashed'],
    ])('ends a process for %s', async (_, code, outcome) => {
      const sandbox = startEscaped()
      expect(await faultOf(order(sandbox, code))).toMatchObject({ outcome })
    })

    it('ends a process for a second answer, before the next request', async () => {
      const sandbox = startEscaped()
      expect(await order(sandbox, `write('r1\\nr2\\n')`)).toBe('1')
      expect(await faultOf(order(sandbox, '1'))).toMatchObject({
        outcome: 'crashed',
        message: expect.stringContaining('an answer that nobody had asked for'),
      })
    })

    it('is ended by stop(), which rejects whoever waits', async () => {
      const sandbox = start()
      const { pid } = sandbox as unknown as { pid: number }
      await ask(sandbox, '1')
      const answer = faultOf(ask(sandbox, 'for (;;);'))
      sandbox.stop()
      expect(await answer).toMatchObject({ outcome: 'crashed', message: 'the process was stopped' })
      expect(await gone(pid)).toBe(true)
    })

    it('is ended by stop() while it starts', async () => {
      const pids = Array.from({ length: 10 }, () => {
        const sandbox = start()
        sandbox.stop()
        return (sandbox as unknown as { pid: number }).pid
      })
      for (const pid of pids) expect(await gone(pid)).toBe(true)
    })

    it('says whose fault it is when the agent does not start', async () => {
      const fault = await faultOf(start('no script').request('1'))
      expect(fault.constructor.name).toBe('SandboxUnavailable')
      expect(fault.message).toContain('the sandbox does not start (exit code 1)')
    })

    it('answers requests that wait behind each other in their order', async () => {
      const sandbox = start()
      const answers = await Promise.all([1, 2, 3].map((n) => ask(sandbox, `${n}`)))
      expect(answers.map(({ value }) => value)).toEqual([1, 2, 3])
    })

    it('ends all requests that wait with the one that never ends', async () => {
      const sandbox = start()
      const first = ask(sandbox, '1')
      const endless = faultOf(ask(sandbox, 'for (;;);'))
      const behind = faultOf(ask(sandbox, '2'))
      expect(await first).toMatchObject({ value: 1 })
      expect(await endless).toMatchObject({ outcome: 'timed-out' })
      expect(await behind).toBe(await endless)
    })
  })
}

describe.skipIf(!bubblewrap())('in bubblewrap, a submission that has got hold of node', () => {
  const order = (code: string) =>
    startSandbox({ agent: '', isolation: 'bubblewrap', boot: escaped }).request(JSON.stringify(code))
  const tell = async (expression: string) =>
    JSON.parse(
      await order(
        `write('r' + JSON.stringify((() => { try { return ${expression} } catch (e) { return e.code } })()) + '\\n')`,
      ),
    )

  it('sees node, its libraries, and the file that was started', async () => {
    expect(
      await tell(
        `require('fs').readdirSync('/').filter((name) => !name.startsWith('lib') && name !== 'usr')`,
      ),
    ).toEqual(['app'])
    expect(await tell(`require('fs').readdirSync('/app').sort()`)).toEqual(['boot.cjs', 'node'])
  })

  it('has no environment but what bubblewrap sets', async () => {
    expect(
      await tell(`Object.keys(process.env).filter((name) => !['PWD', 'LD_LIBRARY_PATH'].includes(name))`),
    ).toEqual([])
  })

  it.each(['/', '/app', '/tmp', '/dev/shm', '/lib'])('cannot write to %s', async (path) => {
    expect(await tell(`require('fs').writeFileSync('${path}/x', '')`)).toMatch(/^(EROFS|ENOENT)$/)
  })

  it('is alone', async () => {
    expect(await tell(`process.pid`)).toBe(1)
    expect(await tell(`process.kill(${process.pid}, 0)`)).toBe('ESRCH')
    expect(await tell(`Object.keys(require('os').networkInterfaces())`)).toEqual(['lo'])
  })

  it('may not have many processes', async () => {
    const many = `const { spawn } = require('child_process'); for (let i = 0; i < 6; i++) spawn(process.execPath, ['-e', 'for(;;);'])`
    expect(await faultOf(order(many))).toMatchObject({ outcome: 'over-limit', limit: 'processes' })
  })

  it('cannot leave anybody behind who holds its pipes', async () => {
    const orphan = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)'],
      { detached: true, stdio: ['ignore', 1, 2, 3] }); process.exit(0)`
    const before = performance.now()
    expect(await faultOf(order(orphan))).toMatchObject({ outcome: 'crashed' })
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
