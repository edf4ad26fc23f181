import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { agentScript } from '../src/bundle/agent-script.ts'
import { repositoryRoot } from '../src/paths.ts'

/** A realm as rooms find it: what runs code in it. */
async function newRealm(): Promise<(code: string) => unknown> {
  const context = vm.createContext({})
  const host = { reply() {}, log() {}, settle() {}, evaluate() {} }
  const start = vm.runInContext(await agentScript(repositoryRoot()), context) as (given: object) => unknown
  start(host)
  return (code) => vm.runInContext(`'use strict'; (() => { ${code} })()`, context)
}

describe('what the language brings', () => {
  it.each([
    'Array.prototype.map = () => []',
    'Array.prototype.last = () => 1',
    'Map.prototype.get = () => 1',
    'Promise.prototype.then = () => 1',
    'Promise.resolve = () => 1',
    'JSON.stringify = () => 1',
    'Object.keys = () => []',
    'Object.prototype.left = 0',
    `Object.defineProperty(Object.prototype, 'left', { get: () => 0 })`,
    'Object.getPrototypeOf([].values()).next = () => 1',
    'String.prototype.startsWith = () => true',
    'Function.prototype.call = () => 1',
    'globalThis.Map = class {}',
    `Object.defineProperty(globalThis, 'Promise', { value: class {} })`,
    'structuredClone = (value) => value',
    'Math.max = () => 1',
    'Error.count = 1',
    'Error.stackTraceLimit = 0',
    'Error.prepareStackTrace = () => []',
    'Object.defineProperty(Error, Symbol.hasInstance, { value: () => true })',
    `Object.defineProperty(Date, 'real', { get() { return this } })`,
    'Date.now.count = 1',
    'Object.prototype.toString = () => 1',
    'Object.prototype.toString.count = 1',
    'Object.getPrototypeOf(Object.getPrototypeOf([].values()))[Symbol.iterator] = () => [].values()',
    'Object.getPrototypeOf(function* () {}).count = 1',
    'Object.getPrototypeOf(async () => {}).count = 1',
    'Object.getPrototypeOf((async function* () {})()).next.count = 1',
    `Object.getPrototypeOf(''.matchAll(/a/g)).next = () => 1`,
    'Intl.count = 1',
    `RegExp.input = 'a note'`,
    'try { queueMicrotask(1) } catch (error) { Object.getPrototypeOf(error).count = 1 }',
    'console.count = 1',
    'agent.count = 1',
  ])('is not for a room to change: %s', async (code) => {
    const run = await newRealm()
    expect(() => run(code)).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  it.each([
    [
      `const counts = {}; counts['constructor'] = 1; counts.toString = 2; return counts`,
      { constructor: 1, toString: 2 },
    ],
    [
      `class Refused extends Error { constructor() { super(); this.name = 'Refused'; this.message = 'no' } }
      return new Refused().toString()`,
      'Refused: no',
    ],
    [
      `class Counts extends Map { set(key) { return super.set(key, (this.get(key) ?? 0) + 1) } }
      const counts = new Counts(); counts.set('a'); counts.set('a'); return counts.get('a')`,
      2,
    ],
    [
      `class List extends Array { last() { return this.at(-1) } }
      return List.from([1, 2]).last()`,
      2,
    ],
    [
      `const numbers = (function* () { yield 1 })(); numbers.return = () => 'mine'; return numbers.return()`,
      'mine',
    ],
    [`const events = (async function* () {})(); events.next = () => 'mine'; return events.next()`, 'mine'],
    [
      `const events = (async function* () {})(); const own = { [Symbol.asyncIterator]: () => 'mine' }
      return Object.assign(events, own)[Symbol.asyncIterator]()`,
      'mine',
    ],
    [
      `const own = Object.create(Error.prototype); own.name = 'Mine'; return [own.name, new Error().name]`,
      ['Mine', 'Error'],
    ],
    [
      `return [new Date(0).toISOString(), Date.UTC(1970), new Date(0) instanceof Date]`,
      ['1970-01-01T00:00:00.000Z', 0, true],
    ],
    [`globalThis.count = 1; return globalThis.count`, 1],
  ])('is for a room to build on: %s', async (code, expected) => {
    const run = await newRealm()
    expect(JSON.parse(JSON.stringify(run(code)))).toEqual(expected)
  })
})

it('shows no line for a site of a stack that a room has made', async () => {
  const run = await newRealm()
  const stack =
    run(`const site = { getFileName: () => 'rooms.js', getLineNumber: () => 1, toString: () => 'line 1' }
    return Error.prepareStackTrace(new Error('no'), [site])`)
  expect(stack).toBe('Error: no')
})

describe('what depends on the machine', () => {
  it.each(['WeakRef', 'FinalizationRegistry'])('is not there: %s', async (name) => {
    const run = await newRealm()
    expect(run(`return typeof ${name}`)).toBe('undefined')
  })
})
