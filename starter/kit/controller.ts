/**
 * What a controller is made of.
 *
 * Mirrors: pkg/controller, pkg/reconcile and pkg/source of sigs.k8s.io/controller-runtime
 */
import type { RateLimitingQueue } from '#kit/work-queue'

/** What a controller is to look at, and when: a cache, and which keys a change in it concerns. Never rejects. */
export interface Source {
  /** Begins to call `add` with keys. Resolves when its cache is filled, or when it never will be: after `stop()`. */
  start(add: (key: string) => void): Promise<void>

  /** Resolves when nothing of it is left running. May be called at any time, more than once. */
  stop(): Promise<void>
}

/** What `reconcile` may ask for when it went well. */
export interface Result {
  /** To be called again for the same key after so many ms, if above 0. Left out: when something changes. */
  requeueAfterMs?: number
}

/**
 * Looks at what a key stands for, and moves it one step closer to what is wanted. May be called at any time,
 * also where nothing has changed or the object is gone. If it throws, it is called again, later each time.
 *
 * @param key such as `default/web`: see kit/object-key.ts
 */
export type Reconcile = (key: string) => Promise<Result | undefined> | Promise<void>

/** A controller's parts. */
export interface ControllerParts {
  sources: readonly Source[]
  /** The controller's alone: it is shut down with it. */
  queue: RateLimitingQueue
  reconcile: Reconcile
  /** How many keys are worked on at a time; a whole number from 1 on. Default: 1. */
  workers?: number
  /** Told what `reconcile` threw. Must not throw. Left out: nobody is told. */
  onError?: (error: unknown, key: string) => void
}
