import { agentScript } from '../bundle/agent-script.ts'
import { bubblewrap } from '../sandbox/bubblewrap.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { isolationProblem, proveIsolation } from '../sandbox/self-test.ts'
import type { Link, OpenLink } from './link.ts'

/** Where submissions run. */
export interface Links {
  /** Opens a link to a fresh process. Those that are started from then on run the same ahead of time, if only one is kept ready. */
  openLink: OpenLink
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
  let lastGiven: string | undefined
  // Where several are kept ready, every processor is busy with the work at hand: nothing is done ahead of time.
  const start = () => startSandbox({ agent, given: ahead === 1 ? lastGiven : undefined, isolation })
  let closed = false
  const refill = () => {
    while (!closed && ready.length < ahead) ready.push(start())
  }
  refill()
  return {
    isolation: isolation === 'bubblewrap' ? 'bubblewrap' : 'unverified',
    ...(problem === undefined ? {} : { problem }),
    openLink(given) {
      lastGiven = given
      const link = ready.shift() ?? start()
      return {
        given: link.given,
        request: (line) => link.request(line),
        onLog: (listener) => link.onLog(listener),
        get takenMs() {
          return link.takenMs ?? 0
        },
        stop() {
          link.stop()
          // Not before: the work at hand must not wait for a process that it does not need.
          setImmediate(refill)
        },
      }
    },
    close() {
      closed = true
      for (const link of ready.splice(0)) link.stop()
    },
  }
}
