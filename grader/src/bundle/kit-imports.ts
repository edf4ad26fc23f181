import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { ImportType, initSync, parse } from 'es-module-lexer'
import { NAME, RULE } from './import-rule.ts'
import type { KitExports } from './kit-script.ts'

/** A script that imports nothing any more. */
export interface BoundScript {
  text: string
  /** The modules of the kit that it needs, by their paths: `#kit/store`. */
  imported: ReadonlySet<string>
}

/** A room imports what the kit does not have: `message` says what and where. */
export class KitImportRefused extends Error {}

/** What the compiler makes of a call of `require`. */
const REQUIRE = /\b__(require(?:\.resolve)?\("#kit\/[^"]*"\))/
/** What an import statement begins with: `import byDefault, * as namespace`, or `{ name as local }` in its place. */
const CLAUSE = /^import\s+(?:([^\s,{*"]+)\s*,?\s*)?(?:\*\s*as\s+(\S+)|\{([^}]*)\})?/

/**
 * Binds what a script imports of the kit to the global `kit`, so that it needs no modules. The compiler leaves these imports
 * as they are: to be asked about each of them takes longer than all else that it does. No line moves.
 *
 * @param text as the compiler writes a module, with an empty statement first
 * @param map its source map
 * @throws {KitImportRefused}
 */
export function bindKit(text: string, map: string, kit: KitExports): BoundScript {
  initSync()
  const importKit = nameNotIn(text)
  const imported = new Set<string>()
  const bindings: string[] = []

  function refuse(offset: number, why: string): never {
    const lines = text.slice(0, offset).split('\n')
    const position = { line: lines.length, column: lines.at(-1)?.length ?? 0 }
    const { source, line } = originalPositionFor(new TraceMap(map), position)
    const room = /^room:(.+)$/.exec(source ?? '')?.[1]
    throw new KitImportRefused(room ? `${room}.ts:${line}: ${why}` : why)
  }

  /** Notes what an import statement binds, as a part of a pattern: `"#kit/names": { isName: isName2 }`. */
  function bind(statement: string, path: string, offset: number): void {
    const [, byDefault, namespace, names = ''] = CLAUSE.exec(statement) ?? []
    if (namespace) bindings.push(`${JSON.stringify(path)}: ${namespace}`)
    const named = names.split(',').flatMap((name) => name.trim() || [])
    if (byDefault) named.push(`default as ${byDefault}`)
    const pairs = named.map((name) => name.split(' as '))
    for (const [name = ''] of pairs)
      if (!kit[path]?.includes(name)) refuse(offset, `${path} does not export ${name}`)
    const pattern = pairs.map(([name, local = name]) => `${name}: ${local}`).join(', ')
    bindings.push(`${JSON.stringify(path)}: { ${pattern} }`)
  }

  function importsIn(text: string) {
    try {
      return parse(text)[0]
    } catch (error) {
      return refuse((error as { idx?: number }).idx ?? 0, 'this is nested too deeply to be read')
    }
  }

  const required = REQUIRE.exec(text)
  if (required) refuse(required.index, `${required[1]}: ${RULE}`)
  let bound = ''
  let at = 0
  for (const { t: type, n: path, ss: start, se: end } of importsIn(text)) {
    // A path that is put together while the room runs leads nowhere.
    if (path === undefined) continue
    if (!Object.hasOwn(kit, path)) refuse(start, noModule(path))
    imported.add(path)
    const statement = text.slice(start, end)
    const isStatement = type === ImportType.Static
    if (isStatement) bind(statement, path, start)
    bound += text.slice(at, start)
    bound += isStatement ? statement.replace(/[^\n]/g, '') : `${importKit}(${JSON.stringify(path)})`
    at = end
  }
  bound += text.slice(at)
  // Outside of all that the rooms declare: what they call `kit` is theirs.
  const head = `(({ ${bindings.join(', ')} }, ${importKit}) => (() => { "use strict";`
  return { text: `${bound.replace(';', () => head)}\n})())(kit, async (path) => kit[path])`, imported }
}

function noModule(path: string): string {
  const name = path.replace('#kit/', '')
  return `import of "${path}": ${NAME.test(name) ? `the kit has no ${name}` : RULE}`
}

function nameNotIn(text: string): string {
  const taken = text.match(/importKit_*/g) ?? []
  return taken.reduce((name, other) => (other.length < name.length ? name : `${other}_`), 'importKit')
}
