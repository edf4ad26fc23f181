import type { Status } from 'kubernetes-types/meta/v1'

/**
 * A request that the API refused, with the Status that a client is to see.
 *
 * Mirrors: `StatusError` of k8s.io/apimachinery/pkg/api/errors
 */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly status: Status

  /** @param status with at least `code`, `reason` and `message` */
  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'the request was refused without a message')
    this.status = status
  }
}
