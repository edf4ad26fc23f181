// `npm run api` as a learner runs it: a process of its own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../../src/paths.ts'
import { PODS, pod, send } from './served-front.ts'

const root = repositoryRoot()
const folder = mkdtempSync(join(tmpdir(), 'drydock-api-'))
const running: ChildProcessWithoutNullStreams[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command, its output so far, and its end. */
function api(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'bin/drydock.mjs'), 'api', ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, NO_COLOR: '1' },
  })
  running.push(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk.toString()
  })
  return { child, output, ended: once(child, 'close').then(([code]) => code as number | null) }
}

/** A port that nobody listens on, for now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** Serves rooms until the greeting has been printed. */
async function serve(rooms: string) {
  const port = await freePort()
  const { child, output, ended } = api('--rooms', rooms, '--port', String(port))
  const greeted = () => output.out.includes('Ctrl-C ends it.')
  while (!greeted() && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), ended])
  expect(greeted(), output.err).toBe(true)
  return { port, child, output, ended }
}

/** A copy of the reference's rooms with one of them changed. */
function roomsWith(name: string, change: (api: string) => string): string {
  const rooms = join(folder, name, 'src')
  mkdirSync(rooms, { recursive: true })
  cpSync(join(root, 'solutions'), rooms, { recursive: true })
  writeFileSync(join(rooms, 'api.ts'), change(readFileSync(join(root, 'solutions/api.ts'), 'utf8')))
  return name
}

describe('npm run api', () => {
  it('serves the rooms, says how to reach them, and ends when it is told to', async () => {
    const { port, child, output, ended } = await serve('solutions')
    const config =
      /^ {2}export KUBECONFIG='?(.+?)'?\n {2}kubectl get namespaces$/m.exec(output.out)?.[1] ?? ''
    expect(readFileSync(config, 'utf8')).toContain(`"server": "http://127.0.0.1:${port}"`)
    const { body } = await send(port, 'GET', '/api/v1/namespaces')
    const names = (body as { items: { metadata: { name: string } }[] }).items.map(
      ({ metadata }) => metadata.name,
    )
    expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system'])
    child.kill('SIGINT')
    await ended
    expect([child.signalCode, output.err]).toEqual(['SIGINT', ''])
  })

  it('says which port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const { output, ended } = api('--rooms', 'solutions', '--port', String(port))
    expect(await ended).toBe(1)
    server.close()
    expect(output.err).toBe(
      `Port ${port} of 127.0.0.1 is taken: end what listens there, or choose another with --port.\n`,
    )
  })

  it('serves rooms that are not written yet: the client is told, and the terminal says where', async () => {
    const { port, output } = await serve(join(root, 'starter/src'))
    const { code, body } = await send(port, 'GET', PODS)
    expect([code, body]).toMatchObject([
      501,
      { kind: 'Status', message: expect.stringMatching(/^not written yet: lesson 0/) },
    ])
    expect(output.err).toMatch(
      /^GET \/api\/v1\/namespaces\/default\/pods: NotYet: not written yet: lesson .+\n {2}at .+\.ts:\d+\n/m,
    )
  })

  it('tells what a room throws, with its place', async () => {
    const rooms = roomsWith('faulty', (text) =>
      text.replace(/( +async get<K .*\n)/, '$1    undefined.toString()\n'),
    )
    const line =
      readFileSync(join(folder, rooms, 'src/api.ts'), 'utf8')
        .split('\n')
        .indexOf('    undefined.toString()') + 1
    const { port, output } = await serve(rooms)
    const { code, body } = await send(port, 'GET', `${PODS}/a`)
    const message = "Cannot read properties of undefined (reading 'toString')"
    expect([code, body]).toMatchObject([500, { message: `Internal error occurred: ${message}` }])
    expect(output.err).toContain(
      `GET ${PODS}/a: TypeError: ${message}\n  at Api.get faulty/src/api.ts:${line}\n`,
    )
    expect((await send(port, 'POST', PODS, { body: pod('a') })).code).toBe(201)
  })

  it('ends when it is told to, even in a loop without end', async () => {
    const rooms = roomsWith('looping', (text) =>
      text.replace(/( +async get<K .*\n)/, '$1    for (;;) await undefined\n'),
    )
    const { port, child, output, ended } = await serve(rooms)
    const asked = send(port, 'GET', `${PODS}/a`).catch((error: unknown) => error)
    // Its connection comes after the other one: when it is there, the other one is being answered.
    const later = connect(port, '127.0.0.1').on('error', () => {})
    await once(later, 'connect')
    child.kill('SIGINT')
    await ended
    expect([child.signalCode, output.err]).toEqual(['SIGINT', ''])
    expect(await asked).toBeInstanceOf(Error)
    later.destroy()
  })

  it('tells what throws while it is loaded', async () => {
    const rooms = roomsWith('eager', (text) => `${text}\nthrow new Error('too early')\n`)
    const { output, ended } = api('--rooms', rooms)
    expect(await ended).toBe(1)
    expect(output.err).toMatch(/^loading the rooms: Error: too early\n {2}at eager\/src\/api\.ts:\d+\n$/)
  })

  it('names what is missing, and what does not compile', async () => {
    const missing = api('--rooms', 'nowhere')
    expect([await missing.ended, missing.output.err]).toEqual([
      2,
      'there is no api.ts in nowhere, and none in its src/\n',
    ])
    const rooms = roomsWith('broken', (text) => `${text}\nconst = 5\n`)
    const broken = api('--rooms', rooms)
    expect([await broken.ended, broken.output.err]).toEqual([
      2,
      expect.stringMatching(/^.*broken\/src\/api\.ts:\d+: Expected identifier but found "="\n$/),
    ])
  })
})
