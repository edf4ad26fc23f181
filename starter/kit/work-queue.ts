/**
 * The queue between a controller's watches and its workers, as a controller sees it.
 *
 * Mirrors: `TypedRateLimitingInterface` of k8s.io/client-go/util/workqueue
 */
export interface RateLimitingQueue {
  /** How many keys wait to be handed out. Keys that are being processed or delayed do not count. */
  readonly length: number

  /** Asks for `key` to be processed. Does nothing once the queue is shut down. */
  add(key: string): void

  /** Adds `key` once `delayMs` milliseconds have passed; at once if that is 0 or less. */
  addAfter(key: string, delayMs: number): void

  /** Adds `key` after its back-off, which doubles with each call until `forget(key)`. */
  addRateLimited(key: string): void

  /** Ends the back-off of `key`: the next one starts at the base delay again. */
  forget(key: string): void

  /** How many times `addRateLimited(key)` was called since the last `forget(key)`. */
  retries(key: string): number

  /**
   * Hands out the next key, which counts as being processed until `done(key)`. Waits while there is none.
   *
   * @returns `undefined` once the queue is shut down and no key waits: the worker's sign to stop
   */
  get(): Promise<string | undefined>

  /** Says that a worker is through with `key`, which is queued again if it was added meanwhile. */
  done(key: string): void

  /** Takes no more keys, and ends every drain. What waits is still handed out; delayed keys are dropped. */
  shutDown(): void

  /** Shuts down, and resolves once no key waits and none is being processed, or `shutDown()` is called. */
  shutDownWithDrain(): Promise<void>
}

/** How long a key waits before it is tried again. Both are finite and above 0. */
export interface BackoffOptions {
  /** After the first failure. Default: 5 ms, as in client-go. */
  baseDelayMs?: number
  /** However often it failed. Default: 1,000,000 ms, as in client-go. */
  maxDelayMs?: number
}
