/**
 * The queue between a controller's watches, which say that something changed, and the workers that look at it.
 * A key waits once, has one worker at a time, and is handed out again if it changed meanwhile.
 *
 * Mirrors: k8s.io/client-go/util/workqueue: queue.go, delaying_queue.go, rate_limiting_queue.go,
 * default_rate_limiters.go
 * Simplified: no metrics, and no limit on the retries of all keys together (client-go: 10 a second, 100 at
 * first); both watch over a queue and change nothing in how it treats one key. Keys are strings.
 */
import { NotYet } from '#kit/not-yet'
import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  /**
   * @param clock where delays get their time from
   * @param backoff how long `addRateLimited` waits; by default from 5 ms up to 1,000,000 ms
   */
  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    throw new NotYet('04-work-queue')
  }

  /** How many keys wait to be handed out. Keys that are being processed or delayed do not count. */
  get length(): number {
    throw new NotYet('04-work-queue')
  }

  /** Asks for `key` to be processed: now, or after `done(key)` if a worker has it. */
  add(key: string): void {
    throw new NotYet('04-work-queue')
  }

  /** Adds `key` once `delayMs` milliseconds have passed; at once if that is 0 or less. */
  addAfter(key: string, delayMs: number): void {
    throw new NotYet('04-work-queue')
  }

  /** Adds `key` after its back-off, which doubles with each call until `forget(key)`. */
  addRateLimited(key: string): void {
    throw new NotYet('04-work-queue')
  }

  /** Ends the back-off of `key`: the next one starts at the base delay again. */
  forget(key: string): void {
    throw new NotYet('04-work-queue')
  }

  /** How many times `addRateLimited(key)` was called since the last `forget(key)`. */
  retries(key: string): number {
    throw new NotYet('04-work-queue')
  }

  /**
   * Hands out the next key, which counts as being processed until `done(key)`. Waits while there is none.
   *
   * @returns `undefined` once the queue is shut down and no key waits
   */
  get(): Promise<string | undefined> {
    throw new NotYet('04-work-queue')
  }

  /** Says that a worker is through with `key`, which is queued again if it was added meanwhile. */
  done(key: string): void {
    throw new NotYet('04-work-queue')
  }

  /** Takes no more keys, and ends every drain. What waits is still handed out; delayed keys are dropped. */
  shutDown(): void {
    throw new NotYet('04-work-queue')
  }

  /** Shuts down, and resolves once no key waits and none is being processed, or `shutDown()` is called. */
  shutDownWithDrain(): Promise<void> {
    throw new NotYet('04-work-queue')
  }
}
