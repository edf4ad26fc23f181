/**
 * The queue between a controller's watches, which say that something changed, and the workers that look at it.
 * A key waits once, has one worker at a time, and is handed out again if it changed meanwhile.
 *
 * Mirrors: k8s.io/client-go/util/workqueue: queue.go, delaying_queue.go, default_rate_limiters.go
 * Simplified: no metrics, and no limit on the retries of all keys together (client-go: 10 a second, 100 at
 * first); both watch over a queue and change nothing in how it treats one key. Keys are strings.
 */
import type { Clock, Timer } from '#kit/clock'
import type { BackoffOptions, RateLimitingQueue } from '#kit/work-queue'

/** Everything that the queue knows of one key. Exists only while there is something to know. */
interface KeyState {
  readonly key: string
  /** `idle` is the lesson's "absent"; `again`: being processed, and added meanwhile. */
  phase: 'idle' | 'waiting' | 'processing' | 'again'
  retries: number
  /** When the delay is over. Means something only while `heapIndex` is not `NOT_DELAYED`. */
  dueMs: number
  /** The place in the heap of delays. */
  heapIndex: number
}

const NOT_DELAYED = -1

/** A rate-limiting work queue, in memory. */
export class WorkQueue implements RateLimitingQueue {
  readonly #clock: Clock
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number

  readonly #states = new Map<string, KeyState>()
  /** The keys in phase `waiting`, in order. */
  readonly #waiting = new LinkedList<KeyState>()
  /** The calls of `get()` that wait. Not empty only while `#waiting` is. */
  readonly #getters = new LinkedList<(key: string | undefined) => void>()
  /** How many keys are in phase `processing` or `again`. */
  #processing = 0

  readonly #delays = new DelayHeap()
  #timer: { dueMs: number; timer: Timer } | undefined

  #isShutDown = false
  #drains: (() => void)[] = []

  /**
   * @param clock where delays get their time from
   * @param backoff how long `addRateLimited` waits; by default from 5 ms up to 1,000,000 ms
   */
  constructor(clock: Clock, backoff: BackoffOptions = {}) {
    this.#clock = clock
    this.#baseDelayMs = backoff.baseDelayMs ?? 5
    this.#maxDelayMs = backoff.maxDelayMs ?? 1_000_000
  }

  /** How many keys wait to be handed out. Keys that are being processed or delayed do not count. */
  get length(): number {
    return this.#waiting.length
  }

  /** Asks for `key` to be processed: now, or after `done(key)` if a worker has it. */
  add(key: string): void {
    if (this.#isShutDown) return
    this.#add(this.#stateOf(key))
  }

  /** Adds `key` once `delayMs` milliseconds have passed; at once if that is 0 or less. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isShutDown) return
    const state = this.#stateOf(key)
    if (delayMs <= 0) {
      this.#add(state)
      return
    }
    this.#delays.schedule(state, this.#clock.now() + delayMs)
    this.#setTimer()
  }

  /** Adds `key` after its back-off, which doubles with each call until `forget(key)`. */
  addRateLimited(key: string): void {
    if (this.#isShutDown) return
    const state = this.#stateOf(key)
    // 2 ** r becomes Infinity for a large r, and the smaller of the two is then still the cap.
    const delayMs = Math.min(this.#baseDelayMs * 2 ** state.retries, this.#maxDelayMs)
    state.retries += 1
    this.addAfter(key, delayMs)
  }

  /** Ends the back-off of `key`: the next one starts at the base delay again. */
  forget(key: string): void {
    const state = this.#states.get(key)
    if (!state) return
    state.retries = 0
    this.#dropIfUnused(state)
  }

  /** How many times `addRateLimited(key)` was called since the last `forget(key)`. */
  retries(key: string): number {
    return this.#states.get(key)?.retries ?? 0
  }

  /**
   * Hands out the next key, which counts as being processed until `done(key)`. Waits while there is none.
   *
   * @returns `undefined` once the queue is shut down and no key waits
   */
  get(): Promise<string | undefined> {
    const state = this.#waiting.shift()
    if (state) {
      this.#startProcessing(state)
      return Promise.resolve(state.key)
    }
    if (this.#isShutDown) return Promise.resolve(undefined)
    return new Promise((resolve) => this.#getters.push(resolve))
  }

  /** Says that a worker is through with `key`, which is queued again if it was added meanwhile. */
  done(key: string): void {
    const state = this.#states.get(key)
    if (!state) return
    if (state.phase === 'processing') {
      this.#processing -= 1
      state.phase = 'idle'
      this.#dropIfUnused(state)
    } else if (state.phase === 'again') {
      this.#processing -= 1
      this.#enqueue(state)
    }
    if (this.#isDrained()) this.#endDrains()
  }

  /** Takes no more keys. What waits is still handed out; what was delayed is dropped. */
  shutDown(): void {
    this.#stopTaking()
    this.#endDrains()
  }

  /** Shuts down, and resolves when every key that was handed out, then or later, is done. */
  shutDownWithDrain(): Promise<void> {
    this.#stopTaking()
    if (this.#isDrained()) return Promise.resolve()
    return new Promise((resolve) => this.#drains.push(resolve))
  }

  #stateOf(key: string): KeyState {
    let state = this.#states.get(key)
    if (!state) {
      state = { key, phase: 'idle', retries: 0, dueMs: 0, heapIndex: NOT_DELAYED }
      this.#states.set(key, state)
    }
    return state
  }

  #dropIfUnused(state: KeyState): void {
    if (state.phase === 'idle' && state.retries === 0 && state.heapIndex === NOT_DELAYED) {
      this.#states.delete(state.key)
    }
  }

  /** The edge `add` of the state machine. */
  #add(state: KeyState): void {
    if (state.phase === 'idle') this.#enqueue(state)
    else if (state.phase === 'processing') state.phase = 'again'
  }

  #enqueue(state: KeyState): void {
    const answer = this.#getters.shift()
    if (answer) {
      this.#startProcessing(state)
      answer(state.key)
      return
    }
    state.phase = 'waiting'
    this.#waiting.push(state)
  }

  #startProcessing(state: KeyState): void {
    state.phase = 'processing'
    this.#processing += 1
  }

  /** Keeps one timer, for the earliest delay, and none while there is no delay. */
  #setTimer(): void {
    const dueMs = this.#delays.earliest?.dueMs
    if (this.#timer?.dueMs === dueMs) return
    this.#timer?.timer.cancel()
    this.#timer = undefined
    if (dueMs === undefined) return
    const delayMs = Math.max(0, dueMs - this.#clock.now())
    this.#timer = { dueMs, timer: this.#clock.setTimer(delayMs, () => this.#onTimer()) }
  }

  #onTimer(): void {
    this.#timer = undefined
    const nowMs = this.#clock.now()
    for (let state = this.#delays.earliest; state && state.dueMs <= nowMs; state = this.#delays.earliest) {
      this.#delays.removeEarliest()
      this.#add(state)
    }
    this.#setTimer()
  }

  #stopTaking(): void {
    if (this.#isShutDown) return
    this.#isShutDown = true
    for (const state of this.#delays.clear()) this.#dropIfUnused(state)
    this.#setTimer()
    for (let answer = this.#getters.shift(); answer; answer = this.#getters.shift()) answer(undefined)
  }

  #isDrained(): boolean {
    return this.#processing === 0 && this.#waiting.length === 0
  }

  #endDrains(): void {
    const drains = this.#drains
    this.#drains = []
    for (const resolve of drains) resolve()
  }
}

interface LinkedListNode<T> {
  value: T
  next: LinkedListNode<T> | undefined
}

/** First in, first out, each in constant time. */
class LinkedList<T> {
  #head: LinkedListNode<T> | undefined
  #tail: LinkedListNode<T> | undefined
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: T): void {
    const node: LinkedListNode<T> = { value, next: undefined }
    if (this.#tail) this.#tail.next = node
    else this.#head = node
    this.#tail = node
    this.#length += 1
  }

  shift(): T | undefined {
    const node = this.#head
    if (!node) return undefined
    this.#head = node.next
    if (!this.#head) this.#tail = undefined
    this.#length -= 1
    return node.value
  }
}

/** The keys that are delayed: a binary heap, the earliest on top. Each key knows its place in it. */
class DelayHeap {
  #entries: KeyState[] = []

  get earliest(): KeyState | undefined {
    return this.#entries[0]
  }

  /** Delays a key until `dueMs`, or leaves it as it is if it is delayed and due before that. */
  schedule(state: KeyState, dueMs: number): void {
    if (state.heapIndex === NOT_DELAYED) state.heapIndex = this.#entries.length
    else if (state.dueMs <= dueMs) return
    state.dueMs = dueMs
    this.#siftUp(state, state.heapIndex)
  }

  removeEarliest(): void {
    const first = this.#entries[0]
    const last = this.#entries.pop()
    if (first) first.heapIndex = NOT_DELAYED
    if (last && last !== first) this.#siftDown(last, 0)
  }

  /** @returns the keys that were delayed */
  clear(): KeyState[] {
    const entries = this.#entries
    this.#entries = []
    for (const state of entries) state.heapIndex = NOT_DELAYED
    return entries
  }

  #put(state: KeyState, index: number): void {
    this.#entries[index] = state
    state.heapIndex = index
  }

  #siftUp(state: KeyState, from: number): void {
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#entries[parentIndex]
      if (!parent || parent.dueMs <= state.dueMs) break
      this.#put(parent, index)
      index = parentIndex
    }
    this.#put(state, index)
  }

  #siftDown(state: KeyState, from: number): void {
    let index = from
    for (;;) {
      const left = this.#entries[2 * index + 1]
      const right = this.#entries[2 * index + 2]
      const child = left && right && right.dueMs < left.dueMs ? right : left
      if (!child || child.dueMs >= state.dueMs) break
      const childIndex = child.heapIndex
      this.#put(child, index)
      index = childIndex
    }
    this.#put(state, index)
  }
}
