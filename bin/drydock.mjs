// Every npm script begins here: it installs what is locked and missing, compiles the grader if its sources have
// changed, and hands over. Plain JavaScript without dependencies, because there may be none yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, 'node_modules/.cache/drydock')

installIfMissing()
const build = await compileIfChanged()
const { main } = await import(pathToFileURL(join(build, 'src/main.js')).href)
process.exitCode = await main(process.argv.slice(2), join(build, 'suites'))

/** The lock file of the last installation lies in the cache: it goes when `node_modules` goes. */
function installIfMissing() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const installed = join(root, 'node_modules/.drydock-lock.json')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  process.stderr.write('Installing the locked dependencies …\n')
  // npm's own program, run by this Node: on Windows `npm` is a shell script.
  const npm = process.env.npm_execpath
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', ['ci', '--loglevel=error'], {
        cwd: root,
        stdio: ['ignore', 2, 2],
        shell: process.platform === 'win32',
      })
  if (error || status !== 0) {
    process.stderr.write(
      `The dependencies could not be installed (npm ci: ${error?.message ?? `exit code ${status}`}).\n`,
    )
    process.exit(2)
  }
  writeFileSync(installed, lock)
}

/** @returns the folder of the compiled grader */
async function compileIfChanged() {
  const sources = ['grader/src', 'grader/suites', 'starter/kit', 'starter/cluster'].flatMap((folder) =>
    filesIn(join(root, folder)),
  )
  const key = createHash('sha256')
  for (const file of sources) {
    const { mtimeMs, size } = statSync(file)
    key.update(`${relative(root, file)}\0${mtimeMs}\0${size}\n`)
  }
  const target = join(cache, key.digest('hex').slice(0, 16))
  if (existsSync(target)) return target

  const { build } = await import('esbuild')
  const making = `${target}.${process.pid}`
  mkdirSync(cache, { recursive: true })
  removeOld()
  await build({
    entryPoints: sources.filter((file) =>
      /grader[\\/](suites[\\/].*\.test|src[\\/]main|src[\\/].*\.process)\.ts$/.test(file),
    ),
    outbase: join(root, 'grader'),
    outdir: making,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
  try {
    renameSync(making, target)
  } catch (error) {
    // Somebody else, who started at the same time, was faster.
    if (!existsSync(target)) throw error
    rmSync(making, { recursive: true, force: true })
  }
  return target
}

/** Compiled graders of earlier days; a younger one may still be running. */
function removeOld() {
  const dayMs = 24 * 60 * 60 * 1000
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    if (statSync(folder).mtimeMs < Date.now() - dayMs) rmSync(folder, { recursive: true, force: true })
  }
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
    )
}
