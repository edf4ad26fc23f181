// Every npm script begins here: it installs what is locked and missing, compiles the grader if its sources have
// changed, and hands over. Plain JavaScript without dependencies, because there may be none yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, 'node_modules/.cache/drydock')
const OLDEST_NODE = [20, 12]

const build = await prepare().catch(giveUp)
const { main } = await import(pathToFileURL(join(build, 'src/main.js')).href)
process.exitCode = await main(process.argv.slice(2), join(build, 'suites'))

/** @returns the folder of the compiled grader */
async function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    throw new Error(`Drydock needs Node.js ${OLDEST_NODE.join('.')} or later, and this is ${process.version}`)
  const modules = join(root, 'node_modules')
  if (existsSync(modules) && realpathSync(modules) !== join(realpathSync(root), 'node_modules'))
    throw new Error(
      `${modules} is a link, and what is compiled there would run for the folder that it leads to; remove the link and start again`,
    )
  const locked = readFileSync(join(root, 'package-lock.json'), 'utf8')
  // The lock file of the last installation that came to its end: it goes when `node_modules` goes.
  const mark = join(root, 'node_modules/.drydock-lock.json')
  const isInstalled = () => existsSync(mark) && readFileSync(mark, 'utf8') === locked
  if (!isInstalled()) {
    await alone(join(root, '.installing'), () => {
      if (isInstalled()) return
      install()
      writeFileSync(mark, locked)
    })
  }
  return compileIfChanged()
}

/** Nothing can be done: says why, in a sentence. */
function giveUp(error) {
  const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(error.code) || error.syscall === 'mkdir'
  const advice = isDenied ? `. Drydock needs a folder that it can write to, and this is ${root}` : ''
  process.stderr.write(`${error.message}${advice}.\n`)
  process.exit(2)
}

function install() {
  process.stderr.write('Installing the locked dependencies …\n')
  const args = ['ci', '--loglevel=error']
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  // npm's own program, run by this Node: on Windows `npm` is a shell script.
  const npm = process.env.npm_execpath ?? ''
  const { status, signal, error } = npm.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (status === 0) return
  const how = error?.message ?? signal ?? `exit code ${status}`
  throw new Error(`The dependencies could not be installed (npm ci: ${how}); this needs the network once`)
}

/** Two installations at once would take away each other's files. A lock counts as long as its holder runs. */
async function alone(lock, work) {
  for (let told = false; !take(lock); told = true) {
    if (!told) process.stderr.write(`Another start is installing; if there is none, remove ${lock}\n`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  try {
    work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @returns whether the lock is ours now */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true })
  }
  return false
}

/** @returns the folder of the compiled grader */
async function compileIfChanged() {
  // The judge's own control plane is the reference's; where there is none, as in a student edition, its stubs compile.
  const rooms = existsSync(join(root, 'solutions')) ? 'solutions' : 'starter'
  const sources = [
    'grader/src',
    'grader/suites',
    'starter/kit',
    'starter/cluster',
    rooms === 'starter' ? 'starter/src' : rooms,
  ].flatMap((folder) => filesIn(join(root, folder)))
  const key = createHash('sha256')
  // And what goes in with them, and how.
  for (const file of [...sources, fileURLToPath(import.meta.url), join(root, 'package-lock.json')]) {
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
    conditions: [rooms],
    // Most dependencies go in: a few files are read sooner than hundreds. These are large, or look for files of their own.
    external: ['@stryker-mutator/instrumenter', 'chokidar', 'esbuild', 'typescript', 'vite', 'vitest'],
    // For what is written in CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    sourcemap: 'linked',
    logLevel: 'warning',
  })
  // Inside `node_modules` our own package.json does not count, and Node before 20.19 takes what it finds for CommonJS.
  writeFileSync(join(making, 'package.json'), '{ "type": "module" }\n')
  try {
    renameSync(making, target)
  } catch (error) {
    // Somebody else, who started at the same time, was faster.
    if (!existsSync(target)) throw error
    rmSync(making, { recursive: true, force: true })
  }
  return target
}

/** Compiled graders of earlier weeks; a younger one may still be running. */
function removeOld() {
  const weekMs = 7 * 24 * 60 * 60 * 1000
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name)
    // Somebody else, who started at the same time, may have removed or renamed it.
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (made < Date.now() - weekMs) rmSync(folder, { recursive: true, force: true })
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
