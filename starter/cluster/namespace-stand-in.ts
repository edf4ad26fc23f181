/**
 * Empties a namespace that is being deleted, and lets it go: what lesson 16 will do.
 *
 * Mirrors: the namespace controller of kube-controller-manager
 * Simplified: it looks again every second rather than work out when, and says nothing in the namespace's conditions.
 */
import type { KindTable } from '#kit/api/kind-table'
import type { StoredKind } from '#kit/api/kinds'
import type { Client, WatchEvent } from '#kit/client'
import type { Clock, Timer } from '#kit/clock'
import type { Component } from '#kit/component'
import { isNotFound } from '#kit/status-error'
import type { Stream } from '#kit/stream'

/** How long it waits before it looks again, in ms. */
const AGAIN_MS = 1_000

/** What it is made of. */
export interface NamespaceStandInParts {
  client: Client
  clock: Clock
  /** Every kind that a namespace can hold. */
  kinds: KindTable
}

/** The component; it may be started once. */
export class NamespaceStandIn implements Component {
  readonly #parts: NamespaceStandInParts
  readonly #kinds: StoredKind[]
  readonly #terminating = new Set<string>()
  #events: Stream<WatchEvent<'Namespace'>> | undefined
  #running: Promise<void>[] = []
  #wake: (() => void) | undefined
  readonly #pauses = new Map<Timer, () => void>()
  #stopped = false

  constructor(parts: NamespaceStandInParts) {
    this.#parts = parts
    const rows = Object.values(parts.kinds).filter((row) => 'columns' in row)
    this.#kinds = rows.filter(({ namespaced }) => namespaced).map(({ kind }) => kind)
  }

  async start(): Promise<void> {
    this.#running = [this.#watch(), this.#work()]
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const [timer, resolve] of this.#pauses) {
      timer.cancel()
      resolve()
    }
    this.#wake?.()
    await this.#events?.return()
    await Promise.all(this.#running)
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.#events = this.#parts.client.watch('Namespace')
        for await (const { type, object } of this.#events) {
          if (type === 'BOOKMARK') continue
          const { name, deletionTimestamp } = object.metadata
          if (type === 'DELETED') this.#terminating.delete(name)
          else if (deletionTimestamp !== undefined) this.#terminating.add(name)
          this.#wake?.()
        }
      } catch {
        // A watch may break off: the next one begins with every namespace.
      }
      await this.#pause()
    }
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      for (const name of [...this.#terminating]) {
        const isDone = await this.#empty(name).catch((error: unknown) => isNotFound(error))
        if (isDone) this.#terminating.delete(name)
      }
      if (this.#terminating.size > 0) await this.#pause()
      else await this.#news()
    }
  }

  /** @returns whether nothing was left in it */
  async #empty(namespace: string): Promise<boolean> {
    const { client } = this.#parts
    const here = await client.get('Namespace', { name: namespace })
    if (here.metadata.deletionTimestamp === undefined) return true
    let left = 0
    for (const kind of this.#kinds) {
      await client.deleteCollection(kind, { namespace })
      left += (await client.list(kind, { namespace, limit: 1 })).items.length
    }
    if (left > 0) return false
    await client.update(
      'Namespace',
      { ...here, spec: { ...here.spec, finalizers: [] } },
      { subresource: 'finalize' },
    )
    return true
  }

  #news(): Promise<void> {
    if (this.#stopped || this.#terminating.size > 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Ends early when it is stopped. */
  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#parts.clock.setTimer(AGAIN_MS, () => {
        this.#pauses.delete(timer)
        resolve()
      })
      this.#pauses.set(timer, resolve)
    })
  }
}
