/**
 * Something that runs: a controller, the scheduler, a kubelet, a proxy. It gets all that it needs when it is
 * constructed, and does nothing until it is started. Whoever wants it to run at some times only (leader
 * election) or twice (a crash) starts, stops and constructs it from outside; the component does not know.
 */
export interface Component {
  /** Begins. Resolves once it is at work: its caches are filled, its workers have begun. */
  start(): Promise<void>

  /** Resolves when nothing of it is left running: no timer, no watch, no call under way. */
  stop(): Promise<void>
}
