import vm from 'node:vm'
import type { AgentHost } from '../sandbox/agent.ts'
import type { Link } from './link.ts'

/**
 * Runs a submission in this process, in a realm of its own: for what is trusted (the reference), for
 * debugging and for comparison. Nothing here stops code that means harm, or that never ends.
 *
 * @param agent the agent's script
 */
export function inProcess(agent: string): Link {
  const context = vm.createContext({})
  let answered: ((line: string) => void) | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let isStopped = false
  let log: (line: string) => void = () => undefined
  const host: AgentHost = {
    reply(line) {
      const resolve = answered
      answered = undefined
      resolve?.(line)
    },
    log: (line) => log(line),
    settle: (then) => void setImmediate(then),
    evaluate: (source, filename) => new vm.Script(source, { filename }).runInContext(context),
  }
  const start = new vm.Script(agent, { filename: 'agent.js' }).runInContext(context) as (
    host: AgentHost,
  ) => (line: string) => void
  const deliver = start(host)
  const onRejection = (error: unknown) => host.onFault?.(error)
  process.on('unhandledRejection', onRejection)
  return {
    request(line) {
      const answer = () =>
        new Promise<string>((resolve, reject) => {
          if (isStopped) {
            reject(new Error('it was stopped'))
            return
          }
          answered = resolve
          deliver(line)
        })
      const reply = tail.then(answer)
      tail = reply.catch(() => undefined)
      return reply
    },
    onLog(listener) {
      log = listener
    },
    stop() {
      isStopped = true
      process.off('unhandledRejection', onRejection)
    },
  }
}
