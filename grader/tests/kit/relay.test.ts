import { describe, expect, it } from 'vitest'
import { type Feed, Relay } from '../../../starter/kit/relay.ts'
import type { Stream } from '../../../starter/kit/stream.ts'

/** A source that hands out what is pushed, and breaks off or ends when told to. */
class Source implements Stream<number> {
  taken = 0
  returned = false
  #steps: (() => IteratorResult<number, undefined>)[] = []
  #wake: () => void = () => {}

  push(...values: number[]): void {
    this.#steps.push(...values.map((value) => () => ({ done: false as const, value })))
    this.#wake()
  }
  breakOff(error: Error): void {
    this.#steps.push(() => {
      throw error
    })
    this.#wake()
  }
  async next(): Promise<IteratorResult<number, undefined>> {
    while (this.#steps.length === 0 && !this.returned) await new Promise<void>((wake) => (this.#wake = wake))
    this.taken++
    return this.#steps.shift()?.() ?? { done: true, value: undefined }
  }
  async return(): Promise<IteratorResult<number, undefined>> {
    this.returned = true
    this.#wake()
    return { done: true, value: undefined }
  }
  [Symbol.asyncIterator](): Stream<number> {
    return this
  }
}

const over = { done: true, value: undefined }

function relayOf(source: Source, first: string[] = []) {
  let ends = 0
  const feed: Feed<number, string> = {
    first,
    source,
    translate: (item) => (item % 2 === 0 ? `even ${item}` : undefined),
    explain: (error) => new Error('explained', { cause: error }),
  }
  const relay = new Relay(Promise.resolve(feed), () => ends++)
  return { relay, ends: () => ends }
}

async function valuesOf(relay: Relay<number, string>, count: number): Promise<unknown[]> {
  const results = await Promise.all(Array.from({ length: count }, () => relay.next()))
  return results.map(({ value }) => value)
}

describe('Relay', () => {
  it('hands out what it begins with, and then what is translated, in order', async () => {
    const source = new Source()
    const { relay } = relayOf(source, ['a', 'b'])
    source.push(1, 2, 3, 4)
    expect(await valuesOf(relay, 4)).toEqual(['a', 'b', 'even 2', 'even 4'])
  })

  it('takes nothing from its source while nobody waits', async () => {
    const source = new Source()
    const { relay } = relayOf(source, ['a'])
    source.push(2, 4)
    await relay.next()
    expect(source.taken).toBe(0)
    await relay.next()
    expect(source.taken).toBe(1)
  })

  it('hands out what is offered to who waits, and loses nothing of the source for it', async () => {
    const source = new Source()
    const { relay } = relayOf(source, ['first'])
    await relay.next()
    const next = relay.next()
    relay.offer('extra')
    expect(await next).toEqual({ done: false, value: 'extra' })
    source.push(2)
    expect(await relay.next()).toEqual({ done: false, value: 'even 2' })
  })

  it('keeps one offer for who is slow, and no more', async () => {
    const source = new Source()
    const { relay } = relayOf(source, ['first'])
    await relay.next()
    relay.offer('one')
    relay.offer('two')
    source.push(2)
    expect(await valuesOf(relay, 2)).toEqual(['one', 'even 2'])
  })

  it('ends its source, and whoever waits, when it is returned', async () => {
    const source = new Source()
    const { relay, ends } = relayOf(source)
    const waiting = [relay.next(), relay.next()]
    expect(await relay.return()).toEqual(over)
    expect(await relay.return()).toEqual(over)
    relay.offer('late')
    expect(await Promise.all([...waiting, relay.next()])).toEqual([over, over, over])
    expect([source.returned, ends()]).toEqual([true, 1])
  })

  it('ends at once though its feed never comes', async () => {
    const relay = new Relay<number, string>(new Promise(() => {}), () => {})
    const waiting = relay.next()
    await relay.return()
    expect(await waiting).toEqual(over)
  })

  it('rejects once where the source breaks off, and is over then', async () => {
    const source = new Source()
    const { relay, ends } = relayOf(source)
    const waiting = [relay.next(), relay.next()]
    source.breakOff(new Error('cut'))
    const [first, second] = await Promise.allSettled(waiting)
    expect(first).toMatchObject({ reason: { message: 'explained', cause: { message: 'cut' } } })
    expect(second).toMatchObject({ value: over })
    expect([await relay.next(), ends()]).toEqual([over, 1])
  })

  it('rejects the first next() where there is no feed', async () => {
    const relay = new Relay<number, string>(Promise.reject(new Error('refused')), () => {})
    await expect(relay.next()).rejects.toThrow('refused')
    expect(await relay.next()).toEqual(over)
  })

  it('hands out nothing that is offered before the feed is there', async () => {
    const source = new Source()
    const { relay } = relayOf(source, ['first'])
    const next = relay.next()
    relay.offer('too early')
    expect(await next).toEqual({ done: false, value: 'first' })
    relay.offer('in time')
    expect(await relay.next()).toEqual({ done: false, value: 'in time' })
    const refused = new Relay<number, string>(Promise.reject(new Error('no feed')), () => {})
    refused.offer('too early')
    await expect(refused.next()).rejects.toThrow('no feed')
  })
})
