import { randomBytes } from 'node:crypto'
import type { Random } from '#kit/random'

/** The machine's own chance. */
export const systemRandom: Random = { next: () => randomBytes(4).readUInt32BE() / 2 ** 32 }
