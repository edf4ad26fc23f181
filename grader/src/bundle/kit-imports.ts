import type { Metafile } from 'esbuild'
import { NAME, RULE } from './import-rule.ts'
import type { KitExports } from './kit-script.ts'

/** A room imports what the kit does not have: `message` says what and where. */
export class KitImportRefused extends Error {}

/**
 * Where the compiler reads an export of a module that it has not read: `import_store.Compacted`. But for `: () => `, by which
 * it passes one on: that may be a type. It begins where a name does, so that no letter is looked at twice.
 */
const READ = /(?<!: \(\) => )(?<![\w$.\x80-\uffff])(import_[\w$]+)\.([\w$\x80-\uffff]+)/g
/** What it makes of the import. */
const REQUIRED = /^var (import_[\w$]+) = (?:__toESM\()?require\("(#kit\/[^"]+)"\)/gm

/**
 * Looks at what rooms import of the kit. The compiler leaves these imports as they are: to be asked about each of them takes
 * longer than all else that it does.
 *
 * @param script what the compiler made of the rooms, in CommonJS
 * @param inputs what it says of them
 * @param source the text of a room, to tell the line
 * @returns the modules that they need, by their paths: `#kit/store`
 * @throws {KitImportRefused} if the kit has no such module, or the module no such export
 */
export function kitImports(
  script: string,
  inputs: Metafile['inputs'],
  kit: KitExports,
  source: (room: string) => string | undefined,
): Set<string> {
  const imports = Object.entries(inputs).flatMap(([input, { imports }]) =>
    imports.filter(({ path }) => path.startsWith('#kit/')).map(({ path, kind }) => ({ input, path, kind })),
  )

  /** Refuses what stands in a room that imports from there. */
  function refuse(from: string, words: string, why: string): never {
    const importers = imports.filter(({ path }) => path === from).map(({ input }) => input)
    const rooms = [...new Set(importers)].map((input) => input.replace('room:', ''))
    for (const room of rooms) {
      const line = (source(room) ?? '').split('\n').findIndex((text) => text.includes(words)) + 1
      if (line > 0) throw new KitImportRefused(`${room}.ts:${line}: ${why}`)
    }
    throw new KitImportRefused(rooms[0] ? `${rooms[0]}.ts: ${why}` : why)
  }

  for (const { path, kind } of imports) {
    if (kind.startsWith('require')) refuse(path, 'require', `require("${path}"): ${RULE}`)
    if (!Object.hasOwn(kit, path)) refuse(path, path, `import of "${path}": ${whyNot(path)}`)
  }
  const required = new Map([...script.matchAll(REQUIRED)].map(([, module, path]) => [module, path]))
  for (const [, module, name = ''] of script.matchAll(READ)) {
    const path = required.get(module)
    if (path && !kit[path]?.includes(name))
      refuse(path, name === 'default' ? path : name, `${path} does not export ${name}`)
  }
  return new Set(imports.map(({ path }) => path))
}

function whyNot(path: string): string {
  const name = path.replace('#kit/', '')
  return NAME.test(name) ? `the kit has no ${name}` : RULE
}
