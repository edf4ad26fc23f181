import { join, relative, sep } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'

/** Events of one save come within this time, in ms. */
const ONE_SAVE_MS = 4
/** How often files are looked at where the system cannot tell of changes, in ms. */
const POLL_MS = 100

/** Watches a learner's rooms. */
export interface RoomWatch {
  close(): Promise<void>
}

/** Who is told of what happens to the rooms. */
export interface RoomListener {
  /** One save touched these rooms, by name; they may be gone. */
  onSave(rooms: string[]): void
  /** From now on every save is seen. */
  onReady(): void
  /** Watching failed: saves are not seen any more. */
  onProblem(sentence: string): void
}

/** Tells of saves, however the editor writes: in place, or another file that takes the name. */
export function watchRooms(folder: string, { onSave, onReady, onProblem }: RoomListener): RoomWatch {
  const touched = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let watcher: FSWatcher
  const onEvent = (_event: string, path: string) => {
    const name = relative(folder, path).split(sep).join('/')
    if (!name.endsWith('.ts')) return
    touched.add(name.replace(/\.ts$/, ''))
    timer ??= setTimeout(() => {
      timer = undefined
      const rooms = [...touched]
      touched.clear()
      onSave(rooms)
    }, ONE_SAVE_MS)
  }
  const open = (usePolling: boolean) => {
    const memory = join(folder, '.drydock')
    const opened = watch(folder, {
      ignoreInitial: true,
      awaitWriteFinish: false,
      ignored: (path) => path === memory || path.startsWith(memory + sep),
      usePolling,
      interval: POLL_MS,
    })
    opened.on('all', onEvent)
    opened.on('ready', onReady)
    opened.on('error', (error) => {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (!usePolling && (code === 'ENOSPC' || code === 'EMFILE')) {
        void opened.close()
        watcher = open(true)
        return
      }
      onProblem(`work/ cannot be watched (${error instanceof Error ? error.message : String(error)})`)
    })
    return opened
  }
  watcher = open(false)
  return {
    async close() {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}
