import * as esbuild from 'esbuild'

/** How long the compiler may take for one submission, in ms. */
const COMPILE_LIMIT_MS = 5_000

let tail: Promise<unknown> = Promise.resolve()

/** The compiler itself did not survive what it was given, or took too long. */
export class CompilerDied extends Error {}

/**
 * Runs esbuild, whose one service process all builds share. A build that brings the service down must not
 * take another submission's along: builds that fail so are repeated alone, and only then blamed.
 *
 * @throws {CompilerDied} if the service does not survive this build alone
 * @throws {esbuild.BuildFailure} if there is an error in what is built
 */
export async function compile<O extends esbuild.BuildOptions>(
  options: esbuild.SameShape<esbuild.BuildOptions, O>,
): Promise<esbuild.BuildResult<O>> {
  try {
    return await limited(esbuild.build(options))
  } catch (error) {
    if (isBuildFailure(error)) throw error
    return alone(options)
  }
}

async function alone<O extends esbuild.BuildOptions>(
  options: esbuild.SameShape<esbuild.BuildOptions, O>,
): Promise<esbuild.BuildResult<O>> {
  const turn = tail.then(async () => {
    await esbuild.stop()
    try {
      return await limited(esbuild.build(options))
    } catch (error) {
      if (isBuildFailure(error)) throw error
      await esbuild.stop()
      throw new CompilerDied('the compiler did not get through these files', { cause: error })
    }
  })
  tail = turn.catch(() => undefined)
  return turn
}

async function limited<T>(build: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CompilerDied('the compiler took too long')), COMPILE_LIMIT_MS)
  })
  try {
    return await Promise.race([build, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Whether an error is esbuild's own word about the source, with places. */
export function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) && error.errors.length > 0
}
