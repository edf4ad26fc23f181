import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { serveApi } from '#cluster/serve-api'
import { BundleRefused } from '../bundle/bundle.ts'
import { isBuildFailure } from '../bundle/compiler.ts'
import { ambient } from '../sandbox/ambient.ts'
import { type CommandContext, UsageError } from './context.ts'

/** What `npm run api` can be asked. */
export interface ApiOptions {
  /** `work`, `solutions`, or a folder with rooms. */
  rooms: string
  port: number
  seed?: number
}

/** What the script of a control plane offers. */
interface ApiScript {
  serveApi: typeof serveApi
}

/**
 * Serves the API that the rooms make, on 127.0.0.1, until Ctrl-C.
 *
 * @returns the exit code: 1 if the port cannot be had or a room throws as it is loaded
 * @throws {UsageError} if there are no such rooms
 * @throws {BundleRefused} if they do not compile
 */
export async function api(context: CommandContext, { rooms, port, seed }: ApiOptions): Promise<number> {
  const { root, cwd, out, err } = context
  const folder = roomFolder(root, cwd, rooms)
  const cache = join(root, 'node_modules/.cache/drydock')
  mkdirSync(cache, { recursive: true })
  const tell = (error: unknown, request: string) =>
    void err.write(`${faultLines(error, request, folder, cwd).join('\n')}\n`)
  const script = join(cache, `api-${process.pid}.mjs`)
  try {
    await bundleApi(root, folder, script)
    Object.assign(globalThis, { drydockAmbient: ambient() })
    // A fault is told with its place in the room rather than in the script.
    process.setSourceMapsEnabled(true)
    const loaded = await load(script, (error) => tell(error, 'loading the rooms'))
    rmSync(script)
    if (!loaded) return 1
    const served = await loaded.serveApi({
      port,
      ...(seed !== undefined && { seed }),
      onFault: tell,
    })
    const config = join(cache, `kubeconfig-${served.port}.yaml`)
    writeFileSync(config, kubeconfig(served.port))
    out.write(`${greeting(relative(cwd, folder) || '.', served.port, config).join('\n')}\n`)
    // No handler: the signal ends it even where a room is in a loop without end, and there is nothing to be saved.
    return await new Promise<never>(() => {})
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error && error.syscall === 'listen'))
      throw error
    const why =
      error.code === 'EADDRINUSE'
        ? 'is taken: end what listens there, or choose'
        : `cannot be had (${error.message}): choose`
    err.write(`Port ${port} of 127.0.0.1 ${why} another with --port.\n`)
    return 1
  } finally {
    rmSync(script, { force: true })
  }
}

/** The folder itself, or its `src/`: where the API is. */
function roomFolder(root: string, cwd: string, rooms: string): string {
  const isTree = rooms === 'work' || rooms === 'solutions'
  const folder = isTree ? join(root, rooms) : resolve(cwd, rooms)
  const found = [folder, join(folder, 'src')].find((each) => existsSync(join(each, 'api.ts')))
  if (found) return found
  const advice = rooms === 'work' ? ': npm start adds it' : ', and none in its src/'
  throw new UsageError(`there is no api.ts in ${isTree ? `${rooms}/` : rooms}${advice}`)
}

/** One script of the rooms, the kit and what is given above the rooms, with a map to their files. */
async function bundleApi(root: string, folder: string, outfile: string): Promise<void> {
  const { build } = await import('esbuild')
  try {
    await build({
      entryPoints: [join(root, 'starter/cluster/serve-api.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'silent',
      plugins: [
        {
          name: 'given-and-rooms',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^#(kit|cluster|rooms)\// }, ({ path }) => {
              const [, tree = '', name = ''] = /^#(\w+)\/(.+)$/.exec(path) ?? []
              const file = join(tree === 'rooms' ? folder : join(root, 'starter', tree), `${name}.ts`)
              if (existsSync(file)) return { path: file, ...(tree === 'rooms' && { pluginData: 'room' }) }
              return { errors: [{ text: `there is no ${relative(root, file)}, for the import of ${path}` }] }
            })
            onLoad({ filter: /\.ts$/ }, async ({ path, pluginData }) => {
              if (pluginData !== 'room') return undefined
              const { readFile } = await import('node:fs/promises')
              const text = await readFile(path, 'utf8')
              // Real time and chance throw here, too. On the first line, so that no line moves.
              const names = 'setTimeout, setInterval, setImmediate, Date, Math'
              return { contents: `const { ${names} } = globalThis.drydockAmbient;${text}`, loader: 'ts' }
            })
          },
        },
      ],
    })
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    const lines = error.errors.map(({ text, location }) => {
      // What is given above the rooms imports what a room must export.
      const [, room, name] = /^No matching export in "(.+)" for import "(.+)"$/.exec(text) ?? []
      if (name) return `${room} must export ${name}; it does not`
      return location ? `${relative(root, location.file)}:${location.line}: ${text}` : text
    })
    throw new BundleRefused([...new Set(lines)].join('\n'))
  }
}

/** @returns `undefined` if a room throws as it is loaded */
async function load(script: string, tell: (error: unknown) => void): Promise<ApiScript | undefined> {
  try {
    return (await import(pathToFileURL(script).href)) as ApiScript
  } catch (error) {
    tell(error)
    return undefined
  }
}

function greeting(rooms: string, port: number, config: string): string[] {
  const set =
    process.platform === 'win32'
      ? `$env:KUBECONFIG = ${quoted(config)}`
      : `export KUBECONFIG=${quoted(config)}`
  return [
    `The API of ${rooms} is at http://127.0.0.1:${port}. In another terminal:`,
    '',
    `  ${set}`,
    '  kubectl get namespaces',
    '',
    'What it stores is gone when it ends. Ctrl-C ends it.',
  ]
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path}'`
}

/** JSON is YAML. */
function kubeconfig(port: number): string {
  const name = 'drydock'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** What went wrong, in what, and where in the rooms. */
function faultLines(error: unknown, request: string, folder: string, cwd: string): string[] {
  const [first = ''] = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split(
    '\n',
  )
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const places = stack
    .split('\n')
    .map((line) => /^\s+at (?:(.+?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/.exec(line))
    .flatMap((match) => {
      const [, name, path = '', line] = match ?? []
      const file = relative(folder, path)
      if (path === '' || file.startsWith('..') || isAbsolute(file)) return []
      const isNamed = name !== undefined && name !== '<anonymous>'
      return [`  at ${isNamed ? `${name} ` : ''}${relative(cwd, path)}:${line}`]
    })
  return [`${request}: ${first}`, ...places]
}
