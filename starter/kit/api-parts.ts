import type { Access } from '#kit/access'
import type { AdmissionPlugin } from '#kit/admission'
import type { KindTable } from '#kit/api/kind-table'
import type { Clock } from '#kit/clock'
import type { Random } from '#kit/random'
import type { KeyValueStore } from '#kit/store'
import type { VirtualResources } from '#kit/virtual-resource'

/** What an API is made of. Two APIs on one store share nothing else. */
export interface ApiParts {
  /** Where objects are, as JSON, under `/registry/<resource>/<namespace>/<name>`. */
  store: KeyValueStore<object>
  clock: Clock
  /** Where uids and the ends of generated names come from. */
  random: Random
  /** Every kind that is served: `kindTable` of kit/api/served-kinds.ts, or fewer. */
  kinds: KindTable
  /** Asked before every request. */
  access: Access
  /** Asked before every write, in this order. */
  admission: readonly AdmissionPlugin[]
  /** Who answers for the kinds that are not stored. */
  virtual: VirtualResources
}
