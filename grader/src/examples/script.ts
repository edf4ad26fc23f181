import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { Beside } from '../bundle/bundle.ts'
import { compile, isBuildFailure } from '../bundle/compiler.ts'
import type { Lesson } from '../course/lesson.ts'
import { LessonError } from '../course/lesson-error.ts'
import { repositoryRoot } from '../paths.ts'
import { examplesFile } from './titles.ts'

/** The name under which a check finds the examples among the rooms. */
export const EXAMPLES = 'the examples'

const scripts = new Map<string, Promise<Beside>>()

/**
 * A lesson's examples as a script that stands beside any submission's rooms. It is made once for each text of the file.
 *
 * @param root the repository or the student edition
 * @throws {LessonError} if they do not parse, or import what cannot be brought along
 */
export function examplesScript(root: string, lesson: Pick<Lesson, 'folder'>): Promise<Beside> {
  const file = join(root, examplesFile(lesson))
  const key = `${file}\0${readFileSync(file, 'utf8')}`
  const script = scripts.get(key) ?? make(root, examplesFile(lesson))
  scripts.set(key, script)
  return script
}

async function make(root: string, file: string): Promise<Beside> {
  const own = join(repositoryRoot(), 'grader/src/examples')
  const standIn = join(own, 'vitest-stand-in.ts')
  const imports = new Set<string>()
  try {
    const { outputFiles } = await compile({
      stdin: {
        contents: `import ${JSON.stringify(join(root, file))}\nexport { runExample } from ${JSON.stringify(standIn)}`,
        resolveDir: own,
      },
      inject: [join(own, 'events.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'beside',
      target: 'node20',
      platform: 'browser',
      minifySyntax: true,
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'silent',
      tsconfigRaw: {},
      plugins: [fromTheBundle(standIn, imports)],
    })
    return { name: EXAMPLES, script: `${outputFiles[0]?.text}`, imports: [...imports].sort() }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    throw new LessonError(
      error.errors.map(({ text, location }) => ({ file, line: location?.line ?? 1, message: text })),
    )
  }
}

/** Rooms and kit come from the script that the examples stand beside: each of their classes is there once. */
function fromTheBundle(standIn: string, imports: Set<string>): Plugin {
  return {
    name: 'from-the-bundle',
    setup(build) {
      build.onResolve({ filter: /^vitest$/ }, () => ({ path: standIn }))
      build.onResolve({ filter: /^#(rooms|kit)\// }, ({ path }) => {
        imports.add(path)
        return { path, namespace: 'bundle' }
      })
      build.onLoad({ filter: /.*/, namespace: 'bundle' }, ({ path }) => {
        const name = JSON.stringify(path)
        const contents = `module.exports = require(${JSON.stringify(standIn)}).given(${name}, bundle[${name}])`
        return { contents, loader: 'js', resolveDir: dirname(standIn) }
      })
    },
  }
}
