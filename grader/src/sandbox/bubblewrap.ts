import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const STANDARD = /^(\/usr)?\/lib(32|64)?(\/[\w.-]+-linux-[\w.-]+)?$/
/** Where Debian's own node keeps parts of itself. */
const NODE_PARTS = '/usr/share/nodejs'

let found: string | null | undefined
let node: string[] | undefined

/** The full path of `bwrap`, if it is installed. */
export function bubblewrap(): string | undefined {
  found ??= process.platform === 'linux' ? (search('bwrap') ?? null) : null
  return found ?? undefined
}

/**
 * The command that runs `script` as `/app/boot.cjs` in a world that holds node, the libraries that node needs, and
 * the script: no other file or folder, none that can be written, no `/proc`, no device, no network, no other process, no
 * user, no environment, no privilege.
 *
 * @param program the full path of `bwrap`
 * @param flags what to say to node
 */
export function bubblewrapCommand(program: string, script: string, flags: readonly string[]): string[] {
  node ??= mountsOfNode()
  return [
    program,
    ...['--unshare-all', '--unshare-user', '--uid', '65534', '--gid', '65534'],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    // Without a process between, so that the end of node is the end of everything in there.
    '--as-pid-1',
    ...node,
    ...['--ro-bind', script, '/app/boot.cjs'],
    ...['--remount-ro', '/', '--chdir', '/'],
    ...['--', '/app/node', ...flags, '/app/boot.cjs'],
  ]
}

function mountsOfNode(): string[] {
  const libraries = librariesOf(process.execPath)
  const elsewhere = [...new Set(libraries.map(dirname))].filter((folder) => !STANDARD.test(folder))
  return [
    ...['--ro-bind', process.execPath, '/app/node'],
    ...libraries.flatMap((library) => ['--ro-bind', library, library]),
    ...(existsSync(NODE_PARTS) ? ['--ro-bind', NODE_PARTS, NODE_PARTS] : []),
    ...(elsewhere.length > 0 ? ['--setenv', 'LD_LIBRARY_PATH', elsewhere.join(':')] : []),
  ]
}

/** The shared libraries of a program and the loader, where the loader looks for them. */
function librariesOf(program: string): string[] {
  try {
    const list = execFileSync('ldd', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return [...new Set(Array.from(list.matchAll(/(?:=>|^)\s*(\/.*?) \(0x/gm), ([, path = '']) => path))]
  } catch {
    // Linked statically, or nobody can tell: the self-test shows whether it runs.
    return []
  }
}

function search(name: string): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return path.startsWith('/')
    } catch {
      return false
    }
  })
}
