// For vitest: what vitest.config.ts puts before the first line of every room.
import { ambient } from '../sandbox/ambient.ts'

Object.assign(globalThis, { drydockAmbient: ambient() })
