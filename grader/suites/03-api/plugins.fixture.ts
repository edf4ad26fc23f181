// Runs beside the rooms of a submission: admission plugins that write down what they are asked.
import type { AdmissionPlugin } from '#kit/admission'
import { type JsonObject, mergePatch } from '#kit/merge-patch'
import { badRequest } from '#kit/status-error'
import type { Tell } from './told.fixture.ts'

/** What an admission plugin does besides writing down what it is asked. */
export interface PluginSetup {
  name: string
  /** Merged into each object by `mutate`. */
  adds?: JsonObject
  /** Refuses whatever that method is asked, with 400 and its name. */
  refuses?: 'mutate' | 'validate'
  /** Takes a while in `finish`, and writes down when it has `finished`. */
  lingers?: boolean
}

/** An admission plugin that does what it is told. */
export function pluginOf({ name, adds, refuses, lingers }: PluginSetup, tell: Tell): AdmissionPlugin {
  return {
    async mutate(request) {
      tell({ from: name, call: 'mutate', ...request })
      if (refuses === 'mutate') throw badRequest(name)
      return adds ? mergePatch(request.object, adds) : request.object
    },
    async validate(request) {
      tell({ from: name, call: 'validate', ...request })
      if (refuses === 'validate') throw badRequest(name)
    },
    async finish(request, stored) {
      tell({ from: name, call: 'finish', stored, ...request })
      if (!lingers) return
      for (let turn = 0; turn < 100; turn++) await undefined
      tell({ from: name, call: 'finished' })
    },
  }
}
