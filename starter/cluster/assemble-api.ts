import { podBinding } from '#cluster/pod-binding'
import { everybodyIsAdministrator } from '#kit/access'
import { kindTable } from '#kit/api/served-kinds'
import type { ApiParts } from '#kit/api-parts'
import { Api } from '#rooms/api'

/**
 * An API with everything that later lessons bring standing in: everybody may do everything, and nobody changes or
 * refuses a write.
 *
 * @param parts what it is made of; what is left out is its stand-in
 */
export function assembleApi(parts: Pick<ApiParts, 'store' | 'clock' | 'random'> & Partial<ApiParts>): Api {
  const api: Api = new Api({
    kinds: kindTable,
    access: everybodyIsAdministrator,
    admission: [],
    virtual: { 'Pod/binding': podBinding(() => api, parts.clock) },
    ...parts,
  })
  return api
}
