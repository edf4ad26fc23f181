/** Where every component gets its chance from. */
export interface Random {
  /** A number from 0 up to, but not including, 1; every one equally likely. */
  next(): number
}

/**
 * A repeatable source of chance: the same seed gives the same numbers.
 *
 * Follows: mulberry32, 32 bits of state; good for simulations, not for secrets.
 */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = state
      mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
    },
  }
}
