/**
 * What the self-test runs in place of `boot.cjs`: it has node's whole library, tries to get at what a submission must
 * not get at, and answers the one request with a list of what it got at. The first line of the channel brings the
 * plan of the attempts, where `boot.cjs` gets the agent.
 */
'use strict'

const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const { spawnSync } = require('node:child_process')

const CHANNEL = 3
/** Set by bubblewrap itself, or by us. */
const HARMLESS = ['PWD', 'LD_LIBRARY_PATH']

const succeeded = []

function attempt(what, action) {
  try {
    if (action() !== false) succeeded.push(what)
  } catch {
    // As it should be.
  }
}

/** @returns whether somebody answers, within half a second */
function reaches(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', timeout: 500 })
    const end = (answer) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false))
  })
}

async function run(plan) {
  for (const path of plan.read) {
    attempt(`read ${path}`, () => fs.readFileSync(path))
    attempt(`list ${path}`, () => fs.readdirSync(path))
  }
  for (const path of plan.write) attempt(`write ${path}`, () => fs.writeFileSync(path, '', { flag: 'a' }))
  for (const program of plan.run) attempt(`run ${program}`, () => !spawnSync(program, ['-c', ':']).error)
  for (const pid of plan.pids) attempt(`see process ${pid}`, () => process.kill(pid, 0))
  for (const name of Object.keys(process.env).filter((name) => !HARMLESS.includes(name)))
    attempt(`read the environment: ${name}`, () => true)
  attempt('be a user of this machine', () => process.getuid() !== 65534)
  attempt('use a network', () => Object.keys(os.networkInterfaces()).some((name) => name !== 'lo'))
  if (await reaches(plan.port)) succeeded.push(`connect to 127.0.0.1:${plan.port}`)
}

function readLines(count) {
  const chunk = Buffer.alloc(2 ** 16)
  let text = ''
  while (text.split('\n').length <= count) {
    const size = fs.readSync(CHANNEL, chunk)
    if (size === 0) process.exit(1)
    text += chunk.toString('utf8', 0, size)
  }
  return text.split('\n')
}

const { agent } = JSON.parse(readLines(2)[0])
run(JSON.parse(agent)).then(() => fs.writeSync(CHANNEL, `s\nr${JSON.stringify(succeeded)}\n`))
