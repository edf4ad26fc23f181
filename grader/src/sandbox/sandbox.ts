import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { repositoryRoot } from '../paths.ts'
import { overused, RequestTime } from './budget.ts'
import { ChannelReader, garbled, type Message } from './channel.ts'
import { crashed, exceeded, SandboxFault, SandboxUnavailable } from './fault.ts'
import { type Isolation, launch } from './launch.ts'
import { LIMITS, type Limit } from './limits.ts'
import { type Metered, startMetering, stopMetering } from './meter.ts'
import { placeOfHang } from './place-of-hang.ts'
import { childrenOf, sendSignal, type Usage } from './process-tree.ts'

/** A process in which a submission runs. */
export interface Sandbox {
  /**
   * Sends a request and waits for its answer. It may be called at once, as it waits for the start, too; and again before the
   * answer is there: the answers come in the order of the requests.
   *
   * It rejects with a {@link SandboxFault} if the process does not answer, and from then on always; with a
   * {@link SandboxUnavailable} if there is no process to ask.
   */
  request(line: string): Promise<string>
  /** What the submission prints goes to `listener` from now on, as the agent wrote it, cut off at {@link LIMITS}. */
  onLog(listener: (line: string) => void): void
  readonly alive: boolean
  /** What it runs ahead of time. */
  readonly given: string | undefined
  /** Processor time that it has used, and time that was waited for it in vain, in ms; 0 where this machine does not tell. */
  readonly takenMs: number
  /** Ends the process and all that it started, at once, and waits for nothing. Requests that wait are rejected. */
  stop(): void
}

/** What to run, and how. */
export interface SandboxOptions {
  /** The agent's script, whose value is `startAgent`. */
  agent: string
  /** A script of ours, to be run there ahead of time. Left out: none. */
  given?: string | undefined
  isolation: Isolation
  /** The file that runs first, as a full path: `boot.cjs`, unless it is said. */
  boot?: string
}

interface Waiting {
  resolve: (line: string) => void
  reject: (error: Error) => void
  time: RequestTime
}

const BOOT = join(repositoryRoot(), 'grader/src/sandbox/boot.cjs')
/** How long what is still on its way may take after the end of its process, in ms. */
const LAST_WORDS_MS = 100
/** How a process ends that the kernel or V8 gives no more memory or time. */
const CUT_OFF = (['SIGABRT', 'SIGILL', 'SIGTRAP', 'SIGSEGV', 'SIGKILL'] as const).map(exitCodeOf)

const living = new Set<SandboxProcess>()

/**
 * Starts a process for a submission. Nothing of the submission is in it until it is sent there.
 *
 * @throws {SandboxUnavailable} if bubblewrap is asked for and is not installed
 */
export function startSandbox({ agent, given, isolation, boot = BOOT }: SandboxOptions): Sandbox {
  const sandbox = new SandboxProcess(launch(isolation, boot), isolation, given)
  sandbox.send(JSON.stringify({ agent, given }))
  return sandbox
}

/** Stops every sandbox of this process, for whoever is about to end it. When it ends by itself, this is called. */
export function stopAllSandboxes(): void {
  for (const sandbox of [...living]) sandbox.stop()
}

process.once('exit', stopAllSandboxes)

class SandboxProcess implements Sandbox, Metered {
  readonly pid: number
  readonly given: string | undefined
  readonly #child: ChildProcess
  readonly #isolation: Isolation
  readonly #channel: Duplex
  readonly #reader: ChannelReader
  #state: 'starting' | 'running' | 'out-of-time' | 'ended' = 'starting'
  /** Why it ended. */
  #end: Error = crashed('the process was stopped')
  #exited = false
  #listener: (line: string) => void = () => undefined
  /** Those that have asked: the first one is being answered. */
  readonly #waiting: Waiting[] = []
  /** Lines that are about to be sent. */
  #unsent = ''
  #usage: Usage | undefined
  #startingMs = 0
  #outputBytes = 0
  #logLines = 0
  /** What was written to stderr before the start: by us, not by the submission. */
  #complaint = ''

  constructor(child: ChildProcess, isolation: Isolation, given: string | undefined) {
    this.given = given
    this.#child = child
    this.#isolation = isolation
    this.pid = child.pid ?? 0
    this.#channel = child.stdio[3] as Duplex
    this.#reader = new ChannelReader(
      (message) => this.#onMessage(message),
      (fault) => this.#finish(fault),
    )
    living.add(this)
    child.on('error', (error) =>
      this.#finish(new SandboxUnavailable(`no process can be started: ${error.message}`)),
    )
    child.on('exit', (code, signal) => this.#onExit(code ?? exitCodeOf(signal ?? 'SIGKILL')))
    for (const stream of child.stdio) stream?.on('error', () => undefined)
    this.#channel.on('data', (chunk: Buffer) => this.#reader.push(chunk))
    child.stdout?.on('data', (chunk: Buffer) => this.#onOutput(chunk))
    child.stderr?.on('data', (chunk: Buffer) => this.#onOutput(chunk))
  }

  get alive(): boolean {
    return this.#state !== 'ended'
  }

  get takenMs(): number {
    const inVain = this.#end instanceof SandboxFault && this.#end.limit === 'requestWall'
    return (this.#usage?.cpuMs ?? 0) + (inVain ? LIMITS.requestWallMs : 0)
  }

  request(line: string): Promise<string> {
    if (this.#state === 'ended') return Promise.reject(this.#end)
    // Not before: one that was started ahead of time may wait for hours, with nothing in it that could misbehave.
    if (this.pid) startMetering(this)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, time: new RequestTime() })
      this.send(line)
    })
  }

  send(line: string): void {
    // What is sent in one go is one write.
    if (this.#unsent === '') process.nextTick(() => this.#flush())
    this.#unsent += `${line}\n`
  }

  #flush(): void {
    this.#channel.write(this.#unsent)
    this.#unsent = ''
  }

  onLog(listener: (line: string) => void): void {
    this.#listener = listener
  }

  stop(): void {
    this.#finish(crashed('the process was stopped'))
  }

  onUsage(usage: Usage | undefined, passedMs: number): void {
    // A process that has just ended uses nothing: what it used before is what tells why it ended.
    if (usage?.residentBytes) this.#usage = usage
    if (this.#state === 'starting') {
      this.#startingMs += passedMs
      if (this.#startingMs > LIMITS.requestWallMs) this.#finish(this.#notStarted('nothing happens'))
      return
    }
    const limit = usage && overused(usage)
    if (limit) this.#finish(exceeded(limit))
    if (this.#state !== 'running') return
    const late = this.#waiting[0]?.time.spent(usage, passedMs)
    if (late) void this.#outOfTime(late)
  }

  async #outOfTime(limit: Limit): Promise<void> {
    this.#state = 'out-of-time'
    this.#reader.close()
    // In bubblewrap, node is the one child of what was started.
    const node = this.#isolation === 'bubblewrap' ? this.#usage?.pids[1] : this.pid
    const { stderr } = this.#child
    const frames = node && stderr && !this.#exited ? await placeOfHang(node, stderr) : []
    this.#finish(exceeded(limit, frames))
  }

  #onMessage(message: Message): void {
    switch (message.kind) {
      case 'started':
        if (this.#state === 'starting') this.#state = 'running'
        else this.#finish(garbled('it says that it has started, again'))
        return
      case 'log':
        if (++this.#logLines <= LIMITS.logLines) this.#listener(message.line.slice(0, LIMITS.logCharacters))
        return
      case 'reply': {
        const waiting = this.#waiting.shift()
        this.#logLines = 0
        this.#reader.nextRequest()
        if (waiting && this.#state === 'running') waiting.resolve(message.line)
        else this.#finish(garbled('an answer that nobody had asked for'))
      }
    }
  }

  #onOutput(chunk: Buffer): void {
    if (this.#state === 'starting' && this.#complaint.length < 1_000)
      this.#complaint += chunk.toString('latin1')
    this.#outputBytes += chunk.length
    if (this.#outputBytes > LIMITS.outputBytes && this.#state !== 'out-of-time')
      this.#finish(exceeded('output'))
  }

  #onExit(code: number): void {
    this.#exited = true
    if (this.#state === 'out-of-time' || this.#state === 'ended') return
    // An answer may still be on its way; but whoever else holds the channel open may do so for ever.
    const timer = setTimeout(() => this.#finish(this.#ended(code)), LAST_WORDS_MS)
    this.#channel.once('close', () => {
      clearTimeout(timer)
      this.#finish(this.#ended(code))
    })
  }

  #ended(code: number): Error {
    if (this.#state === 'starting') return this.#notStarted(`exit code ${code}`)
    if (CUT_OFF.includes(code) && this.#usage) {
      // Limits of the kernel's and of V8 lie beyond ours, and come first only where nobody could look in time.
      if (this.#usage.cpuMs > LIMITS.totalCpuMs / 2) return exceeded('totalCpu')
      if (this.#usage.residentBytes > LIMITS.memoryBytes / 2) return exceeded('memory')
    }
    return crashed(`the process ended (exit code ${code})`)
  }

  #notStarted(how: string): SandboxUnavailable {
    const complaint = this.#complaint.trim().split('\n')[0]?.slice(0, 200)
    return new SandboxUnavailable(`the sandbox does not start (${how})${complaint ? `: ${complaint}` : ''}`)
  }

  #finish(end: Error): void {
    if (this.#state === 'ended') return
    this.#kill()
    this.#state = 'ended'
    this.#end = end
    living.delete(this)
    stopMetering(this)
    this.#reader.close()
    for (const waiting of this.#waiting.splice(0)) waiting.reject(end)
  }

  #kill(): void {
    if (this.pid && !this.#exited) {
      if (this.#isolation === 'bubblewrap' && this.#state === 'starting') this.#killHalfBuilt()
      sendSignal(-this.pid, 'SIGKILL')
      // Where there are no groups of processes.
      this.#child.kill('SIGKILL')
    }
    for (const stream of this.#child.stdio) stream?.destroy()
    this.#child.unref()
  }

  /** Until bubblewrap is done, what it has started does not end with it. */
  #killHalfBuilt(): void {
    sendSignal(this.pid, 'SIGSTOP')
    for (const child of childrenOf(this.pid)) sendSignal(child, 'SIGKILL')
  }
}

/** What a shell calls the end by a signal, and so does bubblewrap. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
