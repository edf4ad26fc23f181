// The API that informers are checked against: a small one of one kind, whose every answer the check decides.
import type { Faults } from '#cluster/world/faults'
import { PushedStream } from '#cluster/world/pushed-stream'
import type { ObjectOf } from '#kit/api/kinds'
import type { Client, ObjectList, WatchEvent } from '#kit/client'
import type { ClientWatchOptions, ListOptions } from '#kit/client-options'
import { expired } from '#kit/status-error'
import type { CheckContext } from '../../src/runner/check.ts'
import type { Handle } from '../../src/subject/subject.ts'

type Item = ObjectOf<'ConfigMap'>
type Event = WatchEvent<'ConfigMap'>
type List = ObjectList<'ConfigMap'>

/** What an object is to be like; left out: in the namespace `default`, and the same object as before. */
export interface Details {
  namespace?: string | undefined
  uid?: string
  labels?: Record<string, string>
  data?: Record<string, string>
}

/** A list or a watch, with its kind and its options. */
export type Asked = ({ list: string } & ListOptions) | ({ watch: string } & ClientWatchOptions)

/** What is read of a version: one of millions of digits would take seconds. */
const VERSION_DIGITS = 100

/** An API of one kind. Its versions are whole numbers, one for each change. */
export class ScriptedApi {
  /** The version of the last change. */
  version: bigint
  /** What is done in place of the next lists, one after the other. */
  readonly nextLists: ((options: ListOptions) => List | Promise<List>)[] = []
  /** How the next watches go, one after the other: they end, or break off. */
  readonly nextWatches: ('ends' | Error)[] = []
  /** How often it has answered a list, or begun a watch that had something to say. */
  answered = 0
  #asked: Asked[] = []
  #closed = 0
  readonly #objects = new Map<string, Item>()
  readonly #log: Event[] = []
  #compactedAt = 0n
  readonly #open = new Set<PushedStream<Event>>()

  readonly #kind: string

  /**
   * @param version how many changes there have been
   * @param kind what its objects are of, which are ConfigMaps otherwise
   */
  constructor(version = 10n, kind = 'ConfigMap') {
    this.version = version
    this.#kind = kind
  }

  /**
   * Itself, as a client of the rooms.
   *
   * @param who what is asked of it and what its watches bring stands in the trace as this one's; left out: nowhere
   * @param faults what goes wrong on the way
   */
  lendTo({ lend, trace }: CheckContext, who?: string, faults?: Faults): Handle<Client> {
    const client = {
      list: (kind: string, options: ListOptions = {}) => {
        this.#asked.push({ list: kind, ...named(options) })
        this.answered++
        const next = this.nextLists.shift()
        return next ? next(options) : this.list(options)
      },
      watch: (kind: string, options: ClientWatchOptions = {}) => this.#watch(kind, options),
    }
    const whole = client as unknown as Client
    const faulty = faults?.around(whole) ?? whole
    return lend(who === undefined ? faulty : trace.around(who, faulty), ['watch'])
  }

  /** What was asked for since this was read last. */
  get asked(): Asked[] {
    const asked = this.#asked
    this.#asked = []
    return asked
  }

  /** How many watches are open. */
  get watches(): number {
    return this.#open.size
  }

  /** How many watches the reader has ended. */
  get closed(): number {
    return this.#closed
  }

  /** What an object is now, as it is stored. */
  make(name: string, details: Details = {}): Item {
    const { namespace = 'default', uid, labels, data } = details
    return {
      apiVersion: 'v1',
      kind: this.#kind as 'ConfigMap',
      metadata: {
        name,
        ...('namespace' in details && details.namespace === undefined ? {} : { namespace }),
        uid: uid ?? `uid of ${name}`,
        resourceVersion: `${this.version}`,
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...(labels && { labels }),
      },
      ...(data && { data }),
    }
  }

  /** Creates or changes objects, one after the other. */
  put(name: string, details: Details = {}): Item {
    this.version++
    const object = this.make(name, details)
    const key = keyOf(object)
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED'
    this.#objects.set(key, object)
    this.#happen({ type, object })
    return object
  }

  /** Removes an object. */
  remove(name: string, details: Details = {}): void {
    this.version++
    const object = this.make(name, details)
    this.#objects.delete(keyOf(object))
    this.#happen({ type: 'DELETED', object })
  }

  /** Brings an event to every open watch, whether it happened or not. */
  bring(...events: Event[]): void {
    for (const stream of this.#open) for (const event of events) stream.push(event)
  }

  /** Brings a bookmark with a new version. */
  bookmark(): void {
    this.version++
    this.bring({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${this.version}` } } })
  }

  /** Ends every watch; with an error, breaks it off. */
  cut(error?: Error): void {
    for (const stream of this.#open) {
      if (error) stream.fail(error)
      else stream.end()
    }
    this.#open.clear()
  }

  /** Forgets what was before now. */
  compact(): void {
    this.#compactedAt = this.version
  }

  /** All objects, or a page of them. */
  list({ limit, continue: from }: ListOptions = {}): List {
    const start = from === undefined ? 0 : Number(from)
    const all = [...this.#objects.values()]
    const items = all.slice(start, limit === undefined ? undefined : start + limit)
    const end = start + items.length
    return {
      metadata: { resourceVersion: `${this.version}`, ...(end < all.length && { continue: `${end}` }) },
      items,
    }
  }

  #watch(kind: string, options: ClientWatchOptions): PushedStream<Event> {
    this.#asked.push({ watch: kind, ...named(options) })
    const stream = new PushedStream<Event>(() => {
      this.#closed++
      this.#open.delete(stream)
    })
    const next = this.nextWatches.shift()
    const { resourceVersion: asked = `${this.version}` } = options
    const version = BigInt(String(asked).slice(0, VERSION_DIGITS))
    if (next || version < this.version) this.answered++
    if (next === 'ends') stream.end()
    else if (next) stream.fail(next)
    else if (version < this.#compactedAt) {
      stream.fail(expired(`too old resource version: ${version} (${this.#compactedAt})`))
    } else {
      for (const event of this.#log) {
        if (BigInt(event.object.metadata.resourceVersion) > version) stream.push(event)
      }
      this.#open.add(stream)
    }
    return stream
  }

  #happen(event: Event): void {
    this.#log.push(event)
    this.bring(event)
  }
}

/** Options as they are written down: none is called `list` or `watch`, by which a list is told from a watch. */
function named<T extends object>(options: T): T {
  const name = (option: string) => (option === 'list' || option === 'watch' ? `option ${option}` : option)
  return Object.fromEntries(Object.entries(options).map(([option, value]) => [name(option), value])) as T
}

function keyOf({ metadata: { namespace, name } }: Item): string {
  return `${namespace}/${name}`
}

/** An answer that is given when the check says so. */
export class Held<T> {
  readonly promise: Promise<T>
  #resolve: (value: T) => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Perhaps nobody has asked.
    this.promise.catch(() => undefined)
  }

  resolve(value: T): void {
    this.#resolve(value)
  }

  reject(error: Error): void {
    this.#reject(error)
  }
}
