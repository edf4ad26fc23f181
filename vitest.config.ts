import { defineConfig } from 'vitest/config'

// The tree that `#rooms/…` means: the reference, unless somebody names another.
const tree = process.env.DRYDOCK_ROOMS ?? 'solutions'

export default defineConfig({
  ssr: { resolve: { conditions: [tree, 'module', 'node', 'development|production'] } },
  test: {
    include: ['lessons/*/examples.test.ts', 'grader/suites/*.test.ts', 'grader/tests/**/*.test.ts'],
    setupFiles: ['grader/tests/suites-setup.ts'],
    testTimeout: 30_000,
  },
})
