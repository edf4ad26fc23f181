/**
 * The queue between a controller's watches, which say that something changed, and the workers that look at it.
 *
 * One record a key says all about it: where it stands, how often it failed, when it is due. What waits is chained
 * from record to record. One timer stands for all delays, with a heap that says which is next; one promise for all
 * drains that are under way.
 */
import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

type Stand = 'absent' | 'waiting' | 'processing' | 'again'

interface Entry {
  readonly key: string
  stand: Stand
  /** The record behind this one, while it waits. */
  behind: Entry | undefined
  failures: number
  nextBackoffMs: number
  dueMs: number | undefined
}

interface Appointment {
  readonly dueMs: number
  readonly entry: Entry
}

interface Drain {
  readonly over: Promise<void>
  end(): void
}

interface Worker {
  answer(key: string | undefined): void
  behind: Worker | undefined
}

/** The earliest appointment stands at 0; the children of i at 2i + 1 and 2i + 2. */
class Agenda {
  #heap: Appointment[] = []

  get first(): Appointment | undefined {
    return this.#heap[0]
  }

  put(appointment: Appointment): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(appointment)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Appointment
      if (above.dueMs <= appointment.dueMs) break
      heap[at] = above
      at = parent
    }
    heap[at] = appointment
  }

  takeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as Appointment).dueMs < (heap[child] as Appointment).dueMs) child++
      const below = heap[child] as Appointment
      if (below.dueMs >= last.dueMs) break
      heap[at] = below
      at = child
    }
    heap[at] = last
  }

  clear(): void {
    this.#heap = []
  }
}

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseMs: number
  readonly #capMs: number
  readonly #entries = new Map<string, Entry>()
  readonly #agenda = new Agenda()
  #front: Entry | undefined
  #back: Entry | undefined
  #waiting = 0
  #processing = 0
  #firstWorker: Worker | undefined
  #lastWorker: Worker | undefined
  #alarm: { timer: Timer; atMs: number } | undefined
  #open = true
  #drain: Drain | undefined

  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseMs = backoff.baseDelayMs ?? 5
    this.#capMs = backoff.maxDelayMs ?? 1_000_000
  }

  get length(): number {
    return this.#waiting
  }

  add(key: string): void {
    if (this.#open) this.#admit(this.#entry(key))
  }

  addAfter(key: string, delayMs: number): void {
    if (!this.#open) return
    const entry = this.#entry(key)
    if (delayMs > 0) this.#delay(entry, delayMs)
    else this.#admit(entry)
  }

  addRateLimited(key: string): void {
    if (!this.#open) return
    const entry = this.#entry(key)
    const delayMs = entry.nextBackoffMs
    entry.failures++
    entry.nextBackoffMs = Math.min(delayMs * 2, this.#capMs)
    this.#delay(entry, delayMs)
  }

  forget(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    entry.failures = 0
    entry.nextBackoffMs = Math.min(this.#baseMs, this.#capMs)
    this.#tidy(entry)
  }

  retries(key: string): number {
    return this.#entries.get(key)?.failures ?? 0
  }

  get(): Promise<string | undefined> {
    const entry = this.#front
    if (entry) {
      this.#front = entry.behind
      if (!this.#front) this.#back = undefined
      entry.behind = undefined
      this.#waiting--
      this.#processing++
      entry.stand = 'processing'
      return Promise.resolve(entry.key)
    }
    if (!this.#open) return Promise.resolve(undefined)
    return new Promise((answer) => {
      const worker: Worker = { answer, behind: undefined }
      if (this.#lastWorker) this.#lastWorker.behind = worker
      else this.#firstWorker = worker
      this.#lastWorker = worker
    })
  }

  done(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    switch (entry.stand) {
      case 'processing':
        this.#processing--
        entry.stand = 'absent'
        this.#tidy(entry)
        break
      case 'again':
        this.#processing--
        this.#enqueue(entry)
        break
      default:
        return
    }
    this.#endDrainIfIdle()
  }

  shutDown(): void {
    this.#close()
    this.#endDrain()
  }

  shutDownWithDrain(): Promise<void> {
    this.#close()
    if (!this.#drain) {
      let end = () => {}
      const over = new Promise<void>((resolve) => {
        end = resolve
      })
      this.#drain = { over, end }
    }
    const { over } = this.#drain
    this.#endDrainIfIdle()
    return over
  }

  #entry(key: string): Entry {
    let entry = this.#entries.get(key)
    if (!entry) {
      const nextBackoffMs = Math.min(this.#baseMs, this.#capMs)
      entry = { key, stand: 'absent', behind: undefined, failures: 0, nextBackoffMs, dueMs: undefined }
      this.#entries.set(key, entry)
    }
    return entry
  }

  /** A record that says nothing any more is let go. */
  #tidy(entry: Entry): void {
    if (entry.stand === 'absent' && entry.failures === 0 && entry.dueMs === undefined) this.#entries.delete(entry.key)
  }

  #admit(entry: Entry): void {
    if (entry.stand === 'processing') entry.stand = 'again'
    else if (entry.stand === 'absent') this.#enqueue(entry)
  }

  #enqueue(entry: Entry): void {
    const worker = this.#firstWorker
    if (worker) {
      this.#firstWorker = worker.behind
      if (!this.#firstWorker) this.#lastWorker = undefined
      this.#processing++
      entry.stand = 'processing'
      worker.answer(entry.key)
      return
    }
    entry.stand = 'waiting'
    this.#waiting++
    if (this.#back) this.#back.behind = entry
    else this.#front = entry
    this.#back = entry
  }

  #delay(entry: Entry, delayMs: number): void {
    const dueMs = this.#clock.now() + delayMs
    if (entry.dueMs !== undefined && entry.dueMs <= dueMs) return
    entry.dueMs = dueMs
    this.#agenda.put({ dueMs, entry })
    this.#setAlarm()
  }

  /** One timer, for the first appointment that still holds. */
  #setAlarm(): void {
    let first = this.#agenda.first
    while (first && first.entry.dueMs !== first.dueMs) {
      this.#agenda.takeFirst()
      first = this.#agenda.first
    }
    if (this.#alarm?.atMs === first?.dueMs) return
    this.#alarm?.timer.cancel()
    this.#alarm = undefined
    if (!first) return
    const atMs = first.dueMs
    const timer = this.#clock.setTimer(Math.max(0, atMs - this.#clock.now()), () => this.#ring())
    this.#alarm = { timer, atMs }
  }

  #ring(): void {
    this.#alarm = undefined
    const nowMs = this.#clock.now()
    for (let first = this.#agenda.first; first && first.dueMs <= nowMs; first = this.#agenda.first) {
      this.#agenda.takeFirst()
      const { entry, dueMs } = first
      if (entry.dueMs !== dueMs) continue
      entry.dueMs = undefined
      this.#admit(entry)
    }
    this.#setAlarm()
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    this.#alarm?.timer.cancel()
    this.#alarm = undefined
    this.#agenda.clear()
    for (const entry of [...this.#entries.values()]) {
      entry.dueMs = undefined
      this.#tidy(entry)
    }
    let worker = this.#firstWorker
    this.#firstWorker = undefined
    this.#lastWorker = undefined
    for (; worker; worker = worker.behind) worker.answer(undefined)
  }

  #endDrainIfIdle(): void {
    if (this.#waiting === 0 && this.#processing === 0) this.#endDrain()
  }

  #endDrain(): void {
    this.#drain?.end()
    this.#drain = undefined
  }
}
