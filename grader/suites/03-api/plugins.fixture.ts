// Runs beside the rooms of a submission: admission plugins that write down what they are asked.
import type { AdmissionPlugin } from '#kit/admission'
import type { Clock } from '#kit/clock'
import { type JsonObject, mergePatch } from '#kit/merge-patch'
import { badRequest } from '#kit/status-error'
import type { Tell } from './told.fixture.ts'

/** What an admission plugin does besides writing down what it is asked. */
export interface PluginSetup {
  name: string
  /** Does the following with requests of that name only. Left out: with all. */
  only?: string
  /** Merged into each object by `mutate`. */
  adds?: JsonObject
  /** Refuses whatever that method is asked, with 400 and its name. */
  refuses?: 'mutate' | 'validate'
  /** Stands in the list twice. */
  twice?: boolean
  /** Takes a millisecond in `finish`, and writes down when it has `finished`. */
  lingers?: boolean
}

/** An admission plugin that does what it is told. */
export function pluginOf(
  { name, only, adds, refuses, lingers }: PluginSetup,
  tell: Tell,
  clock: Clock,
): AdmissionPlugin {
  const means = (request: { name: string | undefined }) => only === undefined || request.name === only
  return {
    async mutate(request) {
      tell({ ...request, from: name, call: 'mutate' })
      if (refuses === 'mutate' && means(request)) throw badRequest(name)
      return adds && means(request) ? mergePatch(request.object, adds) : request.object
    },
    async validate(request) {
      tell({ ...request, from: name, call: 'validate' })
      if (refuses === 'validate' && means(request)) throw badRequest(name)
    },
    async finish(request, stored) {
      tell({ ...request, from: name, call: 'finish', stored })
      if (!lingers) return
      await new Promise<void>((resolve) => void clock.setTimer(1, resolve))
      tell({ from: name, call: 'finished' })
    },
  }
}
