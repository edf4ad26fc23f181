import { relative } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { BundleRefused, bundle } from '../src/bundle/bundle.ts'
import { compile } from '../src/bundle/compiler.ts'
import { kitScript } from '../src/bundle/kit-script.ts'
import { repositoryRoot } from '../src/paths.ts'
import { lockAll } from '../src/sandbox/lock.ts'
import { canMeasure } from '../src/sandbox/process-tree.ts'
import type { Script } from '../src/sandbox/protocol.ts'

const make = (text: string) =>
  bundle(repositoryRoot(), ['store'], (room) => (room === 'store' ? text : undefined))

interface Loaded {
  rooms: Record<string, Record<string, unknown>>
  enteredStubs(): string[]
  StatusError: new (status: object) => object
}

/** The function that makes the rooms. */
function maker({ given, rooms }: Script, lockKit: (kit: object) => void = () => {}): () => Loaded {
  const realm = createContext({})
  runInContext(given, realm)
  lockKit(runInContext('kit', realm) as object)
  return runInContext(rooms, realm) as () => Loaded
}

const load = (script: Script) => maker(script)()

/** The way to a folder that goes through the root of the file system, as it is written in an import. */
function fromHere(folder: string): string {
  return `${relative(process.cwd(), '/') || '..'}${folder}`.replaceAll('\\', '/')
}

/** A constant of 16 bytes, doubled that many times by whoever works constants out. */
function doubled(times: number): string {
  const names = Array.from({ length: times }, (_, at) => `a${at + 1} = a${at} + a${at},`)
  return `enum Padding { a0 = '0123456789abcdef', ${names.join(' ')} }\nexport class Store { x = Padding.a${times} }`
}

const refusal = async (text: string): Promise<string> => {
  const error = await make(text).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof BundleRefused) return error.message
  throw new Error('it was not refused', { cause: error })
}

describe('the bundle', () => {
  it('holds the rooms and what they need of the kit', async () => {
    const { script } = await make(
      `import { Compacted } from '#kit/store'\nexport class Store { x = Compacted }`,
    )
    expect(script.given).toContain('has been compacted')
  })

  it.each([
    'node:fs',
    '../x',
    '/x',
    'file:///x',
    'data:text/javascript,1',
    '#kit/../x',
    '#rooms/%2e%2e/x',
    'x',
  ])('refuses the import of %s', async (path) => {
    const rule = 'a room may import #rooms/… and #kit/…, nothing else'
    for (const text of [`import '${path}'`, `export * from '${path}'`, `void import('${path}')`])
      expect(await refusal(text)).toContain(`store.ts:1: import of "${path}": ${rule}`)
    expect(await refusal(`require('${path}')`)).toContain(rule)
  })

  describe.each(['.', fromHere(repositoryRoot())])(
    'refuses a path that is put together, from %s',
    (folder) => {
      // Whether anything is there is not told: a file, a folder in which nothing fits, no such folder.
      it.each([
        [`'${folder}/starter/kit/' + name`],
        [`'${folder}/starter/tsconfig' + name`],
        [`'${folder}/pack' + name + '.json'`],
        [`\`${folder}/starter/\${name}.zip\``],
        [`'${folder}/no-such-folder/' + name`],
      ])('%s', async (path) => {
        const rule =
          'import of a path that is put together: a room may import #rooms/… and #kit/…, nothing else'
        for (const call of [
          `import(${path})`,
          `require(${path})`,
          `import(${path}, { with: { type: 'text' } })`,
        ])
          expect(await refusal(`export const read = (name) => ${call}`)).toBe(`store.ts:1: ${rule}`)
        expect(await refusal(`export const read = (name) => { try { require(${path}) } catch {} }`)).toBe(
          `store.ts:1: ${rule}`,
        )
      })
    },
  )

  it('opens no file for the names by which it calls modules', async () => {
    for (const path of [
      'ours:starter/kit/not-yet.ts',
      'file:starter/kit/not-yet.ts',
      'kit:#kit/store',
      'entry',
    ])
      expect(await refusal(`import '${path}'`)).toContain(
        `store.ts:1: import of "${path}": a room may import`,
      )
  })

  it.each([
    [
      'a module that the kit does not have',
      `import '#kit/no-such'`,
      'import of "#kit/no-such": the kit has no no-such',
    ],
    [
      'an export that a module does not have',
      `import { nope } from '#kit/store'; nope()`,
      '#kit/store does not export nope',
    ],
    ['a default export', `import names from '#kit/names'; names()`, '#kit/names does not export default'],
    [
      'the kit by a call',
      `const { a } = require('#kit/store')`,
      'require("#kit/store"): a room may import #rooms/… and #kit/…, nothing else',
    ],
    ['an await outside of functions', `await import('#kit/store')`, 'a room may await in a function only'],
  ])('refuses %s', async (_, text, message) => {
    const lines = `import { Compacted } from '#kit/store'\n\nexport const kept = Compacted\n`
    expect(await refusal(`${lines}${text}`)).toBe(`store.ts:4: ${message}`)
  })

  it('finds what is imported of the kit, in every way in which that is done', async () => {
    const { script } = await make(`
      import { Compacted, FutureRevision as Future } from '#kit/store'
      import * as kit from '#kit/store'
      export { RevisionConflict as Conflict, Watch } from '#kit/store'
      export * from '#kit/timestamp'
      export * as names from '#kit/names'
      import '#kit/random'
      import type { Store } from '#kit/no-such'
      export const importKit = 1, text = \`
import { x } from "#kit/no-such";
\`
      export const later = import('#kit/store')
      export const all = [kit.Compacted === Compacted, kit.FutureRevision === Future]
    `)
    const { store } = load(script).rooms
    expect(Object.keys(store ?? {}).sort()).toEqual(
      ['Conflict', 'Watch', 'all', 'importKit', 'later', 'names', 'text', 'timestamp'].sort(),
    )
    expect(store).toMatchObject({ all: [true, true], text: '\nimport { x } from "#kit/no-such";\n' })
    expect(await store?.later).toHaveProperty('Compacted')
    expect(store?.names).toHaveProperty('dnsLabelProblems')
  })

  it('gives the kit as modules that nobody can change', async () => {
    const { script } = await make(`
      import * as kit from '#kit/store'
      export const names = Object.keys(kit)
      export const change = () => Object.assign(kit, { Compacted: 1 })
      export const later = import('#kit/store').then((module) => 'default' in module)
    `)
    // As the agent does.
    const { store } = maker(script, (kit) => lockAll([kit]))().rooms
    expect(store?.names).toEqual(['Compacted', 'FutureRevision', 'RevisionConflict'])
    expect(store?.change).toThrow(/^Cannot /)
    expect(await store?.later).toBe(false)
  })

  it('takes decorators, for which the compiler imports something of its own', async () => {
    const { script } = await make(
      'const same = (value) => value\nexport class Store { @same m() { return 7 } }',
    )
    const { Store } = load(script).rooms.store as { Store: new () => { m(): number } }
    expect(new Store().m()).toBe(7)
  })

  it('is not held up by names that begin alike', async () => {
    const padding = 'import_$'.repeat(25_000)
    const { script } = await make(
      `import { Compacted } from '#kit/store'\nexport const kept = [Compacted, '${padding}']`,
    )
    expect(load(script).rooms.store?.kept).toHaveProperty('1', padding)
  })

  it('is not held up by an import that is nowhere to be found in the text', async () => {
    const text = `${"import'#kit/\\x71';".repeat(6_500)}${'\n'.repeat(130_000)}`
    expect(await refusal(text)).toBe('store.ts: import of "#kit/q": the kit has no q')
  })

  it('finds nothing under a path that only the running room knows', async () => {
    const { script } = await make('export const find = (path) => import(path)')
    const find = load(script).rooms.store?.find as (path: string) => Promise<unknown>
    for (const path of ['node:fs', './store.ts', '#rooms/store', 'constructor'])
      await expect(find(path)).rejects.toThrow(
        `import of "${path}", a path that is put together: a room may import #rooms/… and #kit/…, nothing else`,
      )
  })

  it('leaves import.meta empty', async () => {
    const { script } = await make('export const keys = Object.keys(import.meta)')
    expect(load(script).rooms.store?.keys).toEqual([])
  })

  it('gives a room its own variables, whatever they are called', async () => {
    const { script } = await make(
      `export const bundle = 1, module0 = 2, enteredStubs = 3, StatusError = 4\nexport const sum = bundle + module0 + enteredStubs + StatusError`,
    )
    const { rooms, enteredStubs, StatusError } = load(script)
    expect(rooms.store).toMatchObject({ bundle: 1, module0: 2, enteredStubs: 3, StatusError: 4, sum: 10 })
    expect(enteredStubs()).toEqual([])
    expect(new StatusError({ code: 404 })).toMatchObject({ status: { code: 404 } })
  })

  it('keeps its modules to itself, and what stands beside a room with them', async () => {
    const { script } = await make(
      'export const seen = []\nexport const look = () => seen.push(typeof bundle)\nlook()',
    )
    const { look, seen } = load(script).rooms.store as { look(): void; seen: string[] }
    look()
    expect(seen).toEqual(['undefined', 'undefined'])
  })

  it('makes rooms anew each time, over one kit, and what stands beside finds both', async () => {
    const { script } = await bundle(
      repositoryRoot(),
      ['store'],
      () => `import { Compacted } from '#kit/store'\nexport const kept = []\nexport { Compacted }`,
      {
        name: 'beside',
        script: `const beside = { store: bundle['#rooms/store'], Compacted: bundle['#kit/store'].Compacted }`,
        imports: ['#rooms/store', '#kit/store'],
      },
    )
    const make = maker(script)
    const [one, other] = [make().rooms, make().rooms]
    expect(one.beside?.store).toBe(one.store)
    expect(one.beside?.Compacted).toBe(one.store?.Compacted)
    expect(other.store?.Compacted).toBe(one.store?.Compacted)
    expect(other.store?.kept).not.toBe(one.store?.kept)
  })

  it('tells the first few of many errors, each of them in short', async () => {
    const imports = Array.from({ length: 2_000 }, (_, at) => `import '${'x'.repeat(at ? 1 : 1_000)}${at}'`)
    const message = await refusal(imports.join('\n'))
    expect(message.split('\n').map((line) => line.slice(0, 10))).toEqual([
      'store.ts:1',
      'store.ts:2',
      'store.ts:3',
    ])
    expect(message.length).toBeLessThan(700)
  })

  it('refuses what becomes too large by being compiled', async () => {
    expect(await refusal(doubled(19))).toBe('store.ts: compiled, this is larger than 8 MiB')
  })

  it.skipIf(!canMeasure)('ends a compiler that fills the machine, and harms nobody else', async () => {
    const good = () => make('export class Store {}')
    const bad = () => refusal(doubled(40))
    const [first, one, second, two, third] = await Promise.all([good(), bad(), good(), bad(), good()])
    for (const { script } of [first, second, third])
      expect(script).toMatchObject({ rooms: expect.stringContaining('var Store = class') })
    expect([one, two]).toEqual([one, one])
    expect(one).toBe('store.ts: the compiler did not get through these files')
  })

  it.skipIf(!canMeasure)(
    'compiles again what was under way when another brought the compiler down',
    async () => {
      let starts = 0
      const start = () => (++starts === 1 ? new Promise<void>(() => undefined) : undefined)
      const underWay = compile({
        stdin: { contents: 'export {}' },
        plugins: [{ name: 'once', setup: (build) => build.onStart(start) }],
        write: false,
      })
      const bad = refusal(doubled(40))
      // Made of the kit meanwhile: nobody has asked for these before.
      const kits = ['clock', 'random', 'names'].map((one) =>
        kitScript(repositoryRoot(), [`#kit/${one}`, '#kit/store']),
      )
      expect(await bad).toBe('store.ts: the compiler did not get through these files')
      expect((await underWay).outputFiles).toHaveLength(1)
      expect(starts).toBe(2)
      for (const kit of await Promise.all(kits)) expect(kit).toContain('has been compacted')
    },
  )
})
