/**
 * What `vitest` is to an example that runs beside the rooms: `test` and `expect`, with vitest's own matchers.
 * It runs in the submission's realm, so what it says is the submission's word: good for the eyes of whoever
 * wrote the rooms, and never for marks.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  type ExpectStatic,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'

/** An expectation of an example that did not hold. */
export interface UnmetExample {
  /** The matcher's sentence: `expected 3 to be 2`. */
  message: string
  /** Left out where the matcher compares no two values. */
  values?: { expected: unknown; seen: unknown }
}

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

const tests = new Map<string, () => unknown>()

/** Notes an example. */
export function test(name: string, body: () => unknown): void {
  tests.set(name, body)
}

/** vitest's `expect`, without snapshots, mocks and polling. */
export const expect = newExpect()

/**
 * Runs one example.
 *
 * @returns the expectation that did not hold; `undefined` if all did
 * @throws what the rooms threw and the example did not ask for
 */
export async function runExample(name: string): Promise<UnmetExample | undefined> {
  const body = tests.get(name)
  if (!body) throw new Error(`there is no example "${name}"`)
  try {
    await body()
    return undefined
  } catch (error) {
    if (!(error instanceof chai.AssertionError)) throw error
    const message = String(error.message)
    const { expected, actual } = error as { expected?: unknown; actual?: unknown }
    return 'expected' in error || 'actual' in error
      ? { message, values: { expected, seen: actual } }
      : { message }
  }
}

/**
 * A module of the submission's, as an example imports it: what it does not export is named as soon as it is used.
 *
 * @param path `#rooms/store`
 */
export function given(path: string, module: Record<string, unknown>): object {
  const missing = (name: string) => {
    const found = Object.keys(module)
    const exported = found.length ? `it exports ${found.join(', ')}` : 'it exports nothing'
    const message = `${path.replace(/^#(?:rooms|kit)\//, '')}.ts must export ${name}; ${exported}`
    return Object.assign(new Error(message), { name: 'MissingExport' })
  }
  const fallback = new Proxy(Object.prototype, {
    get(target, name) {
      // Asked by the compiler's own code of every module.
      if (name === '__esModule') return true
      if (typeof name === 'symbol' || name in target) return Reflect.get(target, name)
      throw missing(name)
    },
  })
  return Object.create(fallback, Object.getOwnPropertyDescriptors(module))
}

function newExpect() {
  const made = ((value: unknown, message?: string) => chai.expect(value, message)) as unknown as ExpectStatic
  Object.assign(made, chai.expect, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT), {
    getState: () => getState(made),
    setState: (state: object) => setState(state, made),
    extend: (matchers: object) => extend(made, matchers),
  })
  made.extend(customMatchers)
  return made
}

/** What `JestExtend` has put on chai's `expect`, and what keeps its flags there: it is called as a method. */
function extend(made: ExpectStatic, matchers: object): void {
  const own = chai.expect as unknown as { extend(made: ExpectStatic, matchers: object): void }
  own.extend(made, matchers)
}
