/**
 * On whose behalf a request is made.
 *
 * Mirrors: `user.Info` of k8s.io/apiserver/pkg/authentication/user
 */
import { frozen } from '#kit/frozen'

export interface User {
  /** Such as `jane`, `system:node:node-1`, `system:serviceaccount:default:builder`. */
  name: string
  groups: readonly string[]
  uid?: string
  extra?: Readonly<Record<string, readonly string[]>>
}

/** Who asks when a call names no user: the control plane itself, which may do everything. */
export const loopbackUser: User = frozen({
  name: 'system:apiserver',
  groups: ['system:masters', 'system:authenticated'],
})
