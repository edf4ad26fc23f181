import type { Step, Trace } from '#cluster/world/trace'

/** How much of a step is told, in characters: it names objects that the room may have made. */
const STEP_LIMIT = 300

/** What happened, a line each: `+0.003 s  controller  creates Pod default/a at 7`; the same step several times in a row is one. */
export function traceLines({ steps, forgotten }: Trace): string[] {
  const rows: { step: Step; last: Step; times: number }[] = []
  for (const step of steps) {
    const row = rows.at(-1)
    if (row?.step.who === step.who && row.step.what === step.what) {
      row.last = step
      row.times++
    } else rows.push({ step, last: step, times: 1 })
  }
  // Where no time passes, nobody needs to know it.
  const isTimed = steps.some(({ atMs }) => atMs > 0)
  const lines = rows.map(({ step, last, times }) => {
    const line = `${isTimed ? `${spell(step.atMs)}  ` : ''}${step.who}  ${step.what}`
    const cut = line.length > STEP_LIMIT ? `${line.slice(0, STEP_LIMIT)}…` : line
    if (times === 1) return cut
    return `${cut}, ${times} times${isTimed ? ` until ${spell(last.atMs)}` : ''}`
  })
  return forgotten > 0 ? [untold(forgotten, 'step'), ...lines] : lines
}

/** What stands for steps, or lines of them, that are not told. */
export function untold(count: number, what: 'step' | 'line'): string {
  return `… ${count} ${what}${count === 1 ? '' : 's'} before that`
}

function spell(atMs: number): string {
  return `+${(atMs / 1_000).toFixed(3)} s`
}
