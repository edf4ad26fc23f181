import { describe, expect, it } from 'vitest'
import { BundleRefused, bundle } from '../src/bundle/bundle.ts'
import { repositoryRoot } from '../src/paths.ts'
import { canMeasure } from '../src/sandbox/process-tree.ts'

const make = (text: string) =>
  bundle(repositoryRoot(), ['store'], (room) => (room === 'store' ? text : undefined))

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
    for (const text of [`import '${path}'`, `export * from '${path}'`, `await import('${path}')`])
      expect(await refusal(text)).toContain(`store.ts:1: import of "${path}": ${rule}`)
    expect(await refusal(`require('${path}')`)).toContain(rule)
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
})
