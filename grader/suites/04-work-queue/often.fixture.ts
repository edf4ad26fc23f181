// Runs beside the rooms of a submission: in one call, what would take more than a thousand.
import type { RateLimitingQueue } from '#kit/work-queue'

/** A key that fails, and fails, and fails. */
export function fail(queue: RateLimitingQueue, key: string, times: number): void {
  for (let i = 0; i < times; i++) queue.addRateLimited(key)
}
