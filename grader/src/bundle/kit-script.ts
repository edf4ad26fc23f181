import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'
import { filesIn } from '../course/tree.ts'
import { keptText, stampOf } from '../kept.ts'
import { compile } from './compiler.ts'

/** The names that each module of the kit exports, by its path: `#kit/store`. */
export type KitExports = Readonly<Record<string, string[]>>

const COMMON = {
  write: false,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'node20',
  legalComments: 'none',
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'ES2023' } },
} satisfies BuildOptions

const kept = new Map<string, Promise<string>>()

/**
 * What the modules of the kit export.
 *
 * @param root the repository, for `starter/kit`
 */
export async function kitExports(root: string): Promise<KitExports> {
  return JSON.parse(
    await keep(root, ['exports'], async () => JSON.stringify(await exportsIn(root))),
  ) as KitExports
}

/**
 * A line that defines `kit`, which has the exports of each of these modules under its path. It is a single line, so that
 * what stands after it keeps its lines.
 *
 * @param paths of modules of the kit: `#kit/store`
 */
export function kitScript(root: string, paths: Iterable<string>): Promise<string> {
  const sorted = [...paths].sort()
  return keep(root, ['data', ...sorted], async () => {
    const entry = sorted.map((path) => `export * as ${JSON.stringify(path)} from ${JSON.stringify(path)}`)
    const { outputFiles } = await compile({
      ...COMMON,
      stdin: { contents: entry.join('\n'), resolveDir: join(root, 'starter/kit') },
      plugins: [kitOf(root)],
      bundle: true,
      format: 'iife',
      globalName: 'modules',
      minifyWhitespace: true,
      minifySyntax: true,
      supported: { 'template-literal': false },
    })
    const script = outputFiles[0]?.text.trim() ?? ''
    if (script.includes('\n')) throw new Error('expected the kit in one line, came several')
    return `var kit=(()=>{${script}return (${asData})(modules)})()`
  })
}

/** The kit is the same under every submission: what is made of it is kept until one of its files changes. */
function keep(root: string, what: string[], make: () => Promise<string>): Promise<string> {
  const name = [root, ...what].join('\0')
  const known = kept.get(name) ?? read(root, what, make)
  kept.set(name, known)
  // What failed is tried again by whoever asks next.
  known.catch(() => kept.delete(name))
  return known
}

async function read(root: string, what: string[], make: () => Promise<string>): Promise<string> {
  const text = keptText(root, 'kit', [...what, asData, stampOf(kitFiles(root))])
  const known = text.read()
  if (known !== undefined) return known
  const made = await make()
  text.write(made)
  return made
}

/** The modules with their exports as data: each read of one would be a call. As text, for it runs where the rooms do. */
const asData = `(modules)=>Object.fromEntries(Object.entries(modules).map(([path,module])=>[path,Object.defineProperty({...module},'__esModule',{value:true})]))`

async function exportsIn(root: string): Promise<KitExports> {
  const kit = kitFolder(root)
  const { metafile } = await compile({
    ...COMMON,
    entryPoints: kitFiles(root),
    outbase: kit,
    outdir: kit,
    absWorkingDir: kit,
    format: 'esm',
    metafile: true,
  })
  return Object.fromEntries(
    Object.entries(metafile.outputs).map(([file, { exports }]) => [
      `#kit/${file.replace(/\.js$/, '')}`,
      exports,
    ]),
  )
}

/** The compiler names files by where they really are. */
function kitFolder(root: string): string {
  return realpathSync(join(root, 'starter/kit'))
}

function kitFiles(root: string): string[] {
  const kit = kitFolder(root)
  return filesIn(kit)
    .filter((file) => /(?<!\.d)\.ts$/.test(file))
    .map((file) => join(kit, file))
}

function kitOf(root: string): Plugin {
  return {
    name: 'kit',
    setup({ onResolve }) {
      onResolve({ filter: /^#kit\// }, ({ path }) => ({
        path: join(root, 'starter/kit', `${path.slice('#kit/'.length)}.ts`),
      }))
    },
  }
}
