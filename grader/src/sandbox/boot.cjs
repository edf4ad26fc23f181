/**
 * The first and only file in a submission's process: gives the agent its channel and makes the realm bare.
 *
 * Channel (fd 3), line by line. In: `{"agent": SCRIPT, "given"?: SCRIPT}`, then requests. Out: `s` once started, `l…` something that was
 * printed, `r…` the one reply to a request.
 *
 * Nothing here is a guard. What must hold is seen to by the process around it and by the grader that reads the channel.
 */
'use strict'

const { readSync, writeSync } = require('node:fs')
const { Script } = require('node:vm')

const CHANNEL = 3
const LINE_FEED = 10
// Taken before anything else runs: what a submission replaces is its own affair.
const { Buffer, process } = globalThis
const whenIdle = globalThis.setImmediate
const end = process.reallyExit

// What ECMAScript 2023 has, but for what can wait for real time, share memory or see it freed; and two that every host has.
const KEPT = new Set(
  `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Iterator JSON Map Math
  NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError
  URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent
  encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape
  Intl queueMicrotask structuredClone`.split(/\s+/),
)

const chunk = Buffer.allocUnsafe(2 ** 16)
let unread = chunk.subarray(0, 0)

/** Waits for a line. Where the channel has ended the grader is gone, and so is this process. */
function readLine() {
  const parts = []
  for (;;) {
    const at = unread.indexOf(LINE_FEED)
    if (at >= 0) {
      parts.push(unread.subarray(0, at))
      const line = Buffer.concat(parts).toString()
      unread = unread.subarray(at + 1)
      return line
    }
    parts.push(Buffer.from(unread))
    const size = readSync(CHANNEL, chunk)
    if (size === 0) end(0)
    unread = chunk.subarray(0, size)
  }
}

function write(line) {
  const bytes = Buffer.from(`${line}\n`)
  let at = 0
  try {
    while (at < bytes.length) at += writeSync(CHANNEL, bytes, at)
  } catch {
    end(0)
  }
}

const scripts = new Map()

const host = {
  reply(line) {
    write(`r${line}`)
    whenIdle(next)
  },
  log(line) {
    write(`l${line}`)
  },
  settle(then) {
    whenIdle(then)
  },
  evaluate(source, filename) {
    const script = scripts.get(source) ?? new Script(source, { filename })
    scripts.set(source, script)
    return script.runInThisContext()
  },
}

const { agent, given } = JSON.parse(readLine())
// Not without need: to load it takes a third as long as to start.
const { setFlagsFromString } = given === undefined ? {} : require('node:v8')
for (const name of Object.getOwnPropertyNames(globalThis)) if (!KEPT.has(name)) delete globalThis[name]
const deliver = host.evaluate(agent, 'agent.js')(host)
scripts.clear()

const fault = (error) => host.onFault?.(error)
process.on('uncaughtException', fault)
process.on('unhandledRejection', fault)

function runAhead() {
  // There is time now to compile all of it.
  setFlagsFromString('--no-lazy')
  host.evaluate(given, 'given.js')
  setFlagsFromString('--lazy')
}

function next() {
  deliver(readLine())
}

if (given !== undefined) runAhead()
write('s')
whenIdle(next)
