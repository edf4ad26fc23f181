// Who asks, and for what, where it matters who is asked.

/** Somebody with a name. */
export const jane = { name: 'jane', groups: ['dev'] }

/** Who asks where nobody is named. */
export const loopback = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }

/** A patch that changes something. */
export const merge = { type: 'merge', patch: { metadata: { labels: { x: '1' } } } } as const

/** Without what is not given. */
export function given(told: object): object {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}
