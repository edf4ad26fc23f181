import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'
import { isFixture } from '../course/course.ts'
import type { Script } from '../sandbox/protocol.ts'
import { CompilerDied, compile, isBuildFailure } from './compiler.ts'
import { NAME, RULE } from './import-rule.ts'
import { joinedPath } from './joined-paths.ts'
import { KitImportRefused, kitImports } from './kit-imports.ts'
import { kitExports, kitScript } from './kit-script.ts'

/** One script with all that a lesson's rooms need, and the map from its positions to theirs. */
export interface Bundle {
  script: Script
  /** A source map (version 3); the sources of rooms are `room:NAME`. */
  map: string
}

/** Where a room's text comes from: `undefined` if there is no such room. */
export type RoomSource = (room: string) => string | undefined

/** A script of ours that is to run with the rooms, in their process: it is judged with them, never believed. */
export interface Beside {
  /** What a check calls it by, as if it were a room; no room can have such a name. */
  name: string
  /** Leaves its exports in `beside`, and finds the modules that it imports in `bundle`, under their paths. */
  script: string
  /** The paths: `#rooms/store`, `#kit/store`. */
  imports: string[]
}

/** The rooms cannot be made into a script: `message` says why and where, in the learner's own files. */
export class BundleRefused extends Error {}

/** The largest script that is taken, in bytes: a room may be small, and become large by what the compiler works out. */
const SCRIPT_LIMIT_BYTES = 8 * 2 ** 20
/** How many of the compiler's sentences are told. */
const TOLD = 3
/** How much of one of the compiler's sentences is told, in characters: they quote the room. */
const SENTENCE_LIMIT = 300

const NOT_YET = '#kit/not-yet'
/**
 * The imports that the compiler asks about, for each question takes time: all but those of the kit, which stay as they are. Of
 * the kit, one module remembers something: it stands with the rooms, and begins anew with them.
 */
const ASKED = /^$|^[^#]|^#($|[^k]|k($|[^i]|i($|[^t]|t($|[^/]))))|^#kit\/not-yet$/
/** What the compiler makes of `import * as refusal from '#kit/api-refusals'`. */
const WHOLE_MODULE = /^(var [\w$\x80-\uffff]+ =) __toESM\((require\("#kit\/[^"]+"\))\);$/gm
/** What is said of `import('./' + name)`, whatever there is in that folder. */
const PUT_TOGETHER = `import of a path that is put together: ${RULE}`
/** How the compiler begins when it finds nothing for such an import. */
const NOTHING_FOUND = /^(?:Could not resolve|The glob pattern) (?:import|require)\("/
/** What the compiler says of `await` outside of functions. */
const AWAITS = /^Top-level await is .*/
/** Comments that would make the compiler read a source map of the submission's. */
const SOURCE_MAP_COMMENT = /([#@]\s*)sourceMappingURL/g

/**
 * Bundles rooms, so that the script reaches the rooms and the kit and nothing else.
 *
 * @param root the repository, for `starter/kit`
 * @param rooms the names of the rooms that the script is to offer, such as `store`
 * @param beside what runs with them; left out: nothing
 * @throws {BundleRefused}
 */
export async function bundle(
  root: string,
  rooms: string[],
  source: RoomSource,
  beside?: Beside,
): Promise<Bundle> {
  const paths = [...new Set([...rooms.map((room) => `#rooms/${room}`), ...(beside?.imports ?? [])])]
  const entry = [
    ...paths.map((path, at) => `import * as module${at} from ${JSON.stringify(path)}`),
    `import { enteredStubs } from ${JSON.stringify(NOT_YET)}`,
    // By which an API that is not in the script refuses.
    `import { StatusError } from '#kit/status-error'`,
    // Assigned, for exports would be copied, getter by getter, for every check.
    `bundle = { ${paths.map((path, at) => `${JSON.stringify(path)}: module${at}`).join(', ')}, enteredStubs, StatusError }`,
  ].join('\n')
  try {
    const { outputFiles, metafile } = await compile({
      stdin: { contents: entry, resolveDir: root, sourcefile: 'entry' },
      bundle: true,
      write: false,
      outdir: root,
      format: 'cjs',
      external: ['#kit/*'],
      supported: { 'dynamic-import': false },
      metafile: true,
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'silent',
      logOverride: { 'empty-glob': 'error' },
      tsconfigRaw: { compilerOptions: { alwaysStrict: true, verbatimModuleSyntax: true, target: 'ES2023' } },
      plugins: [onlyRoomsAndKit(root, source)],
    })
    const script = outputFiles.find((file) => file.path.endsWith('.js'))
    const map = outputFiles.find((file) => file.path.endsWith('.map'))
    if (!script || !map) throw new Error('the compiler gave no script')
    if (script.contents.length > SCRIPT_LIMIT_BYTES)
      throw new BundleRefused(
        `${filesOf(rooms)}: compiled, this is larger than ${SCRIPT_LIMIT_BYTES / 2 ** 20} MiB`,
      )
    const imported = kitImports(script.text, metafile.inputs, await kitExports(root), source)
    // After the rooms: the map stays right for all that stands before.
    const parts = [withKit(script.text), ...(beside ? [beside.script] : []), offer(rooms, beside)]
    const given = await kitScript(root, imported)
    return { script: { given, rooms: `(() => {let bundle;${parts.join('\n;')}})` }, map: map.text }
  } catch (error) {
    if (error instanceof KitImportRefused) throw new BundleRefused(inShort(error.message))
    if (isBuildFailure(error))
      throw new BundleRefused([...new Set(error.errors.map(sentence))].slice(0, TOLD).join('\n'))
    if (error instanceof CompilerDied) throw new BundleRefused(`${filesOf(rooms)}: ${error.message}`)
    throw error
  }
}

/**
 * Gives rooms what they import of the kit. They are modules, so they are strict; what stands beside them says so for itself. No
 * line moves.
 */
function withKit(script: string): string {
  // What the kit does not have was refused before, but for a path that is put together while the room runs.
  const refuse = `throw new Error('import of "' + String(path) + '", a path that is put together: ${RULE}')`
  const require = `(path) => { if (Object.hasOwn(kit, path)) return kit[path]; ${refuse} }`
  // Else it would be copied, getter by getter, for every check; and nobody can change it.
  const uncopied = script.replace(WHOLE_MODULE, '$1 $2;')
  return `${uncopied.replace('"use strict";', '((require) => { "use strict";')}})(${require})`
}

/** What the script's function returns: what the agent reads. */
function offer(rooms: string[], beside: Beside | undefined): string {
  const properties = rooms.map(
    (room) => `${JSON.stringify(room)}: bundle[${JSON.stringify(`#rooms/${room}`)}]`,
  )
  if (beside) properties.push(`${JSON.stringify(beside.name)}: beside`)
  const offered = `{ rooms: { ${properties.join(', ')} }, enteredStubs: bundle.enteredStubs, StatusError: bundle.StatusError }`
  // A room can say `bundle`, and would find its fixture there.
  return `try { return ${offered} } finally { bundle = undefined }`
}

function onlyRoomsAndKit(root: string, source: RoomSource): Plugin {
  return {
    name: 'only-rooms-and-kit',
    setup(build) {
      const refusals = new Map<string, number>()
      build.onResolve({ filter: ASKED }, (asked) => {
        const resolved = resolve(asked)
        if (!resolved.errors) return resolved
        const refused = (refusals.get(asked.importer) ?? 0) + 1
        refusals.set(asked.importer, refused)
        // The build has failed. What is not told of is not worth the compiler's time: thousands of errors take long.
        return refused > TOLD ? { external: true } : resolved
      })

      const resolve = ({ path, kind, namespace, importer }: OnResolveArgs): OnResolveResult => {
        const [, neighbour] = /^\.\/([a-z0-9-]+)\.fixture\.ts$/.exec(path) ?? []
        if (neighbour !== undefined && isFixture(importer))
          return { path: `fixture/${neighbour}`, namespace: 'room' }
        const [, tree, name = ''] = /^#(rooms|kit|cluster)\/(.+)$/.exec(path) ?? []
        if (kind === 'require-call' || kind === 'require-resolve')
          return { errors: [{ text: `require("${path}"): ${RULE}` }] }
        const isOurs = namespace === 'ours' || isFixture(importer)
        if (!tree || !NAME.test(name) || (tree === 'cluster' && !isOurs))
          return { errors: [{ text: `import of "${path}": ${RULE}` }] }
        if (tree === 'cluster') return { path: `starter/cluster/${name}.ts`, namespace: 'ours' }
        if (tree === 'rooms') {
          if (source(name) === undefined || (isFixture(name) && namespace === 'room'))
            return { errors: [{ text: `import of "${path}": there is no room ${name}.ts` }] }
          return { path: name, namespace: 'room' }
        }
        // The one module of the kit that is asked about.
        return { path: 'starter/kit/not-yet.ts', namespace: 'ours' }
      }
      // The compiler opens no file by itself. It would, and ask nobody: `import('./' + name)` is to it all that is in that folder.
      build.onLoad({ filter: /.*/, namespace: 'file' }, () => ({ errors: [{ text: PUT_TOGETHER }] }))
      build.onLoad({ filter: /.*/, namespace: 'ours' }, ({ path }) => ({
        contents: readFileSync(join(root, path), 'utf8'),
        loader: 'ts',
      }))
      build.onLoad({ filter: /.*/, namespace: 'room' }, async ({ path }) => {
        const text = source(path) ?? ''
        const line = await joinedPath(text)
        if (line) return { errors: [{ text: PUT_TOGETHER, location: { file: `room:${path}`, line } }] }
        // A module even if it exports nothing. On the first line, so that no line moves.
        const contents = `export {};${text.replace(SOURCE_MAP_COMMENT, '$1sourceMappingUrl')}`
        return { contents, loader: 'ts' }
      })
    },
  }
}

function filesOf(rooms: string[]): string {
  return rooms.map((room) => `${room}.ts`).join(', ')
}

function sentence({ text: said, location }: Message): string {
  const text = NOTHING_FOUND.test(said)
    ? PUT_TOGETHER
    : said.replace(AWAITS, 'a room may await in a function only')
  // What stands beside the rooms imports what a room must export.
  const [, room, name] = /^No matching export in "room:(.+)" for import "(.+)"$/.exec(text) ?? []
  const [, importer] = /^room:(.+)$/.exec(location?.file ?? '') ?? []
  if (name && (importer === undefined || isFixture(importer)))
    return `${room}.ts must export ${name}; it does not`
  const whole = text.replace(/^\[plugin: .*?\] /, '').replace(/"room:([^"]+)"/g, '$1.ts')
  const what = inShort(whole)
  if (!location || location.file === 'entry') return what
  return `${location.file.replace(/^room:(.*)$/, '$1.ts')}:${location.line}: ${what}`
}

function inShort(sentence: string): string {
  return sentence.length > SENTENCE_LIMIT ? `${sentence.slice(0, SENTENCE_LIMIT)}…` : sentence
}
