import { join } from 'node:path'
import { compile } from './compiler.ts'

let script: Promise<string> | undefined

/** The submission's side of the channel as one script, whose value is `startAgent`. */
export function agentScript(root: string): Promise<string> {
  script ??= compile({
    entryPoints: [join(root, 'grader/src/sandbox/agent.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'agent',
    target: 'node20',
    tsconfigRaw: {},
  }).then(({ outputFiles }) => `${outputFiles[0]?.text}\n;agent.startAgent`)
  return script
}
