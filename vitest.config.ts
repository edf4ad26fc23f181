import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// The tree that `#rooms/…` means: `solutions` (as `npm test` asks for), `starter`, or else what the learner has in work/.
const tree = process.env.DRYDOCK_ROOMS ?? 'work'
// The rooms of the grader itself, and of the clusters that it makes: the reference's, whatever is looked at.
const reference = join(import.meta.dirname, 'solutions')
const graders = ['grader', 'starter/cluster', 'solutions'].map(
  (folder) => `${join(import.meta.dirname, folder)}/`,
)
// Not in a student edition.
const suitesSetup = 'grader/tests/suites-setup.ts'
const roomFolders = ['work', 'solutions', 'starter/src'].map(
  (folder) => `${join(import.meta.dirname, folder)}/`,
)

export default defineConfig({
  ssr: { resolve: { conditions: [tree, 'module', 'node', 'development|production'] } },
  plugins: [
    {
      name: 'the-reference-for-the-grader',
      enforce: 'pre',
      resolveId(path, importer) {
        const [, room] = /^#rooms\/(.+)$/.exec(path) ?? []
        if (room === undefined || !existsSync(reference) || !isIn(graders, importer)) return null
        return join(reference, `${room}.ts`)
      },
    },
    {
      // In a room, real time and chance throw here, too. On the first line, so that no line moves.
      name: 'no-ambient-time-or-chance',
      transform(code, id) {
        if (!isIn(roomFolders, id)) return null
        return `const { setTimeout, setInterval, setImmediate, Date, Math } = globalThis.drydockAmbient;${code}`
      },
    },
  ],
  test: {
    include: ['lessons/*/examples.test.ts', 'grader/suites/*.test.ts', 'grader/tests/**/*.test.ts'],
    setupFiles: [
      'grader/src/examples/ambient-setup.ts',
      ...(existsSync(join(import.meta.dirname, suitesSetup)) ? [suitesSetup] : []),
    ],
    testTimeout: 30_000,
  },
})

function isIn(folders: string[], path = ''): boolean {
  return folders.some((folder) => path.replaceAll('\\', '/').startsWith(folder.replaceAll('\\', '/')))
}
