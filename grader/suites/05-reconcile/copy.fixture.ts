// Runs beside the rooms of a submission: an informer and a controller that work together in a world.
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { Result } from '#kit/controller'
import { Controller, itself, source } from '#rooms/controller'
import { Informer } from '#rooms/informer'
import { WorkQueue } from '#rooms/work-queue'
import { Break } from './break.fixture.ts'
import { plain } from './client.fixture.ts'
import { bounded } from './clock.fixture.ts'

const COPY = 'copy-of-'

/** A controller that keeps a copy of every ConfigMap of a namespace: `copy-of-a` of `a`, with the same data. */
export class CopyRig {
  readonly #client: Client
  readonly #informer: Informer<'ConfigMap'>
  readonly #controller: Controller
  readonly #breaks = new Break()
  #reconciled = 0

  constructor(client: Client, clock: Clock, namespace: string) {
    this.#client = client
    const random = { next: () => 0.5 }
    this.#informer = new Informer(
      'ConfigMap',
      { client: plain(client), clock: bounded(clock), random },
      { namespace },
    )
    this.#controller = new Controller({
      // A change of a copy concerns the original.
      sources: [source(this.#informer, (object) => itself(object).map((key) => key.replace(COPY, '')))],
      queue: new WorkQueue(clock),
      reconcile: (key) => {
        this.#reconciled++
        return this.#breaks.after(() => this.#copy(key))
      },
    })
  }

  start(): Promise<void> {
    return this.#controller.start()
  }

  stop(): Promise<void> {
    const stop = this.#controller.stop()
    this.#breaks.end()
    return stop
  }

  /** How often `reconcile` was called. */
  reconciled(): number {
    return this.#reconciled
  }

  /** One write at most; after a write it looks again in a second, as its cache may not show it for long. */
  async #copy(key: string): Promise<Result | undefined> {
    const [namespace = '', name = ''] = key.split('/')
    const at = { namespace, name: `${COPY}${name}` }
    const original = this.#informer.get({ namespace, name })
    const copy = this.#informer.get(at)
    const data = original?.data ?? {}
    if (!original) {
      if (!copy) return undefined
      await this.#client.delete('ConfigMap', at)
    } else if (!copy) {
      await this.#client.create('ConfigMap', { metadata: at, data })
    } else {
      if (copy.data?.n === data.n) return undefined
      await this.#client.update('ConfigMap', { ...copy, data })
    }
    return { requeueAfterMs: 1_000 }
  }
}
