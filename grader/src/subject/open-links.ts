import { agentScript } from '../bundle/agent-script.ts'
import { bubblewrap } from '../sandbox/bubblewrap.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { isolationProblem, proveIsolation } from '../sandbox/self-test.ts'
import type { Link } from './link.ts'

/** Where submissions run. */
export interface Links {
  /** Opens a link to a fresh process. */
  openLink: () => Link
  /** `unverified`: the process boundary alone stands between a submission and the grader. */
  isolation: 'bubblewrap' | 'unverified'
  /** Why it is unverified, as a sentence without a full stop. */
  problem?: string
  /** Ends the processes that wait for work; one that has some is ended by whoever opened it. */
  close(): void
}

/** Opens links; `ahead` says how many are kept ready, 1 where nothing is said. */
export type OpenLinks = (ahead?: number) => Promise<Links>

/**
 * Opens links to sandboxes, with some started ahead: starting takes longer than grading a room.
 *
 * @param ahead how many are kept ready
 */
export async function openLinks(root: string, ahead = 1): Promise<Links> {
  const proof = proveIsolation()
  const agent = await agentScript(root)
  // One starts while the proof is still going on, and is thrown away if that fails.
  const early = bubblewrap() ? startSandbox({ agent, isolation: 'bubblewrap' }) : undefined
  const isolation = await proof
  const problem = isolationProblem()
  const ready: Link[] = []
  if (early && isolation === 'bubblewrap') ready.push(early)
  else early?.stop()
  const start = () => startSandbox({ agent, isolation })
  let closed = false
  const refill = () => {
    while (!closed && ready.length < ahead) ready.push(start())
  }
  refill()
  return {
    isolation: isolation === 'bubblewrap' ? 'bubblewrap' : 'unverified',
    ...(problem === undefined ? {} : { problem }),
    openLink() {
      const link = ready.shift() ?? start()
      // After the work that is at hand: it must not wait for a process that it does not need yet.
      setTimeout(refill, 50).unref()
      return link
    },
    close() {
      closed = true
      for (const link of ready.splice(0)) link.stop()
    },
  }
}
