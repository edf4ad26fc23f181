// Runs beside the rooms of a submission: puts an informer together with what cannot be lent, because it is asked for an
// answer at once. What is told here is written down, and read by the suite.
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import type { EventHandler, InformerOptions } from '#kit/informer'
import { Informer } from '#rooms/informer'
import { plain } from './client.fixture.ts'
import { bounded } from './clock.fixture.ts'
import { type Item, tag, tags } from './shown.fixture.ts'

/** What a handler is told, a line each. */
function recorder(
  told: string[],
  after: () => void = () => {},
  who?: string,
): Required<EventHandler<'ConfigMap'>> {
  const say = (line: string) => {
    told.push(who === undefined ? line : `${who}: ${line}`)
    after()
  }
  return {
    added: (object) => say(`added ${tag(object)}`),
    updated: (old, object) => {
      const isCopy = old !== object && tag(old) === tag(object)
      say(`updated ${tag(old)} to ${tag(object)}${isCopy ? ' (a copy)' : ''}`)
    },
    deleted: (object) => say(`deleted ${tag(object)}`),
  }
}

/** What an informer is to be like. */
export interface InformerSetup {
  /** Default: ConfigMap. */
  kind?: 'ConfigMap' | 'Secret'
  options?: Pick<
    InformerOptions<'ConfigMap'>,
    'namespace' | 'labelSelector' | 'fieldSelector' | 'user' | 'resyncMs'
  >
  /** Leave `resyncMs` out. Otherwise it is 0 where the options say nothing: who sets it without is told once. */
  withoutResyncMs?: boolean
  /** What `random.next()` answers, one after the other; then the last one for ever. Default: 0. */
  random?: number[]
  /** Has indexes `app`, by the label, and `data`, by every key of the data. */
  indexed?: boolean
  /**
   * What comes before the handler: one that throws each time (an Error, a text, `undefined`, and so on), one that calls
   * `stop()`, or three that want one thing each.
   */
  first?:
    | 'throws'
    | 'stops'
    | 'stops and throws'
    | 'stops when updated'
    | 'stops when deleted'
    | 'one thing each'
  /** Call `stop()` in `onError`, and wait for it there. */
  errorsStop?: boolean
  /** Leave `onError` out. */
  quiet?: boolean
}

/** An informer with a handler. Of whatever kind, its objects are looked at as ConfigMaps. */
export class InformerRig {
  readonly #informer: Informer<'ConfigMap'>
  readonly #told: string[] = []
  readonly #others: string[] = []
  readonly #errors: string[] = []
  readonly #views: string[] = []
  readonly #late: string[] = []
  #stopCalled = false
  readonly #timersSet: number[] = []

  constructor(client: Client, clock: Clock, setup: InformerSetup) {
    const numbers = setup.random ?? [0]
    const random = { next: () => (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 0 }
    this.#informer = new Informer(
      (setup.kind ?? 'ConfigMap') as 'ConfigMap',
      { client: plain(client), clock: bounded(clock, this.#timersSet), random },
      {
        ...(!setup.withoutResyncMs && { resyncMs: 0 }),
        ...setup.options,
        ...(setup.indexed && {
          indexes: {
            app: ({ metadata }: Item) => (metadata.labels?.app === undefined ? [] : [metadata.labels.app]),
            // Each twice: an object is found once nevertheless.
            data: ({ data = {} }: Item) => [...Object.keys(data), ...Object.keys(data)],
          },
        }),
        ...(!setup.quiet && {
          onError: (error: unknown) => {
            this.#errors.push(error instanceof Error ? error.message : `no Error, but ${error}`)
            if (this.#stopCalled) this.#late.push('onError')
            return setup.errorsStop ? this.#stopNow() : undefined
          },
        }),
      },
    )
    if (setup.first === 'throws') {
      const thrown = [new Error('the handler fails'), 'a text', undefined]
      let times = 0
      this.#informer.addHandler(
        recorder(this.#others, () => {
          throw thrown[times++ % thrown.length]
        }),
      )
    }
    if (setup.first === 'stops') this.#informer.addHandler(this.#stopsWhen('added'))
    if (setup.first === 'stops when updated') this.#informer.addHandler(this.#stopsWhen('updated'))
    if (setup.first === 'stops when deleted') this.#informer.addHandler(this.#stopsWhen('deleted'))
    if (setup.first === 'stops and throws') this.#informer.addHandler(this.#stopsWhen('added', true))
    if (setup.first === 'one thing each') this.addOneThingEach()
    const { added, updated, deleted } = recorder(this.#told, () => {
      if (this.#stopCalled) this.#late.push(this.#told.at(-1) ?? '')
    })
    const view = ({ metadata }: Item) => {
      const shown = (one: Item | undefined) => (one ? tag(one) : 'nothing')
      const among = (all: Item[]) => shown(all.find((one) => one.metadata.name === metadata.name))
      this.#views.push(
        [
          `get: ${shown(this.#informer.get(metadata))}`,
          `list: ${among(this.#informer.list(metadata.namespace))}`,
          ...(setup.indexed ? [`byIndex of web: ${among(this.#informer.byIndex('app', 'web'))}`] : []),
        ].join(', '),
      )
    }
    this.#informer.addHandler({
      added: (object) => {
        added(object)
        view(object)
      },
      updated: (old, object) => {
        updated(old, object)
        view(object)
      },
      deleted: (object) => {
        deleted(object)
        view(object)
      },
    })
  }

  /** Resolves when `start()` does, with what it shows at that moment. */
  async start() {
    await this.#informer.start()
    return { cache: tags(this.#informer.list()), synced: this.#informer.synced }
  }

  stop(): Promise<void> {
    return this.#informer.stop()
  }

  /**
   * What the handler was told and the cache showed of it then, what another one was told, and what `onError` got, since
   * this was asked last; of these, what came after a handler or `onError` had called `stop()`; and the cache.
   */
  look() {
    return {
      told: this.#told.splice(0),
      views: this.#views.splice(0),
      others: this.#others.splice(0),
      errors: this.#errors.splice(0),
      late: this.#late.splice(0),
      cache: tags(this.#informer.list()),
      synced: this.#informer.synced,
    }
  }

  /** In how many ms each timer was due that was set since this was asked last, also if it has fired or was cancelled. */
  timersSet(): number[] {
    return this.#timersSet.splice(0)
  }

  /**
   * @param who stands before each line of what it is told
   * @returns what a new handler was told before `addHandler` returned
   */
  addHandler(who?: string): string[] {
    this.#informer.addHandler(recorder(this.#others, () => {}, who))
    return this.#others.splice(0)
  }

  /**
   * Adds a handler that throws each time, or calls `stop()`.
   *
   * @returns what it was told before `addHandler` returned
   */
  addHandlerThat(does: 'throws' | 'stops'): string[] {
    const told: string[] = []
    const act = () => {
      if (does === 'throws') throw new Error('the new handler fails')
      void this.#stopNow()
    }
    this.#informer.addHandler(recorder(told, act))
    return told
  }

  /** Adds three handlers, of which each has one method. */
  addOneThingEach(): void {
    const { added, updated, deleted } = recorder(this.#others)
    for (const handler of [{ added }, { updated }, { deleted }]) this.#informer.addHandler(handler)
  }

  get(namespace: string | undefined, name: string): string {
    const found = this.#informer.get(namespace === undefined ? { name } : { namespace, name })
    return found ? tag(found) : 'nothing'
  }

  list(namespace: string): string[] {
    return tags(this.#informer.list(namespace))
  }

  byIndex(index: string, value: string): string[] {
    return tags(this.#informer.byIndex(index, value))
  }

  /** A handler that calls `stop()` when it is told of this for the first time. */
  #stopsWhen(what: string, throws = false): EventHandler<'ConfigMap'> {
    const told: string[] = []
    return recorder(told, () => {
      const line = told.at(-1) ?? ''
      if (this.#stopCalled) this.#late.push(line)
      else if (line.startsWith(what)) {
        void this.#stopNow()
        if (throws) throw new Error('the handler fails')
      }
    })
  }

  /** Stops it, and writes down what it showed then, beside what others were told. */
  #stopNow(): Promise<void> {
    this.#others.push(...tags(this.#informer.list()), `synced: ${this.#informer.synced}`)
    this.#stopCalled = true
    return this.#informer.stop()
  }
}
