/** What a submission may use up, in one table. A request is what the grader asks and the submission answers once. */
export const LIMITS = {
  /** Processor time that a request may take, in ms. A machine that is busy with something else does not count. */
  requestCpuMs: 1_000,
  /** Time that a request may take in which the process waits rather than works, in ms. */
  requestWallMs: 10_000,
  /** The same where processor time cannot be measured, in ms. */
  unmeasuredWallMs: 2_000,
  /** Processor time from start to end, in ms. */
  totalCpuMs: 20_000,
  /**
   * What all processes of one lesson may take, one after the other, in ms: processor time, and time waited in vain. A room
   * that loops in every check stays below.
   */
  lessonMs: 120_000,
  /** Resident memory of all processes together, in bytes. */
  memoryBytes: 256 * 2 ** 20,
  /** Processes at a time: node, what isolates it, and no more of its own than one that is about to end. */
  processes: 4,
  /** One message of the submission's, in bytes. */
  messageBytes: 4 * 2 ** 20,
  /** All messages between one request and the next, in bytes. */
  requestBytes: 16 * 2 ** 20,
  /** What is written past the channel, to stdout and stderr, from start to end, in bytes. It is thrown away. */
  outputBytes: 2 ** 20,
  /** Printed lines that are passed on for one request; the rest is dropped. */
  logLines: 200,
  /** Characters of a printed line that are passed on. */
  logCharacters: 16_000,
} as const

/** How often processor time and memory are read, in ms; of processes that another thread than the first started, every fourth time. */
export const POLL_MS = 25

/** How long a process that ran out of time may take to say where it is, in ms. */
export const PLACE_MS = 200

/** What the kernel enforces even if nobody polls, for one process: looser than {@link LIMITS}, which name their reason. */
export const KERNEL_LIMITS = {
  cpuSeconds: LIMITS.totalCpuMs / 1_000 + 5,
  // Reserved, not used: node's threads alone reserve a lot.
  dataBytes: 6 * LIMITS.memoryBytes,
  heapBytes: 2 * LIMITS.memoryBytes,
  openFiles: 64,
} as const

// What never ends and keeps what it makes meets one of the two first: which one is the machine's affair, and no verdict's.
const ENDLESS = `still running after ${LIMITS.requestCpuMs / 1_000} s of processor time or ${LIMITS.memoryBytes / 2 ** 20} MiB of memory`

/** What a verdict says about a limit that was hit. */
export const EXCEEDED = {
  requestCpu: ENDLESS,
  requestWall: `no answer within ${LIMITS.requestWallMs / 1_000} s`,
  unmeasuredWall: `no answer within ${LIMITS.unmeasuredWallMs / 1_000} s`,
  totalCpu: `used more than ${LIMITS.totalCpuMs / 1_000} s of processor time in all`,
  lesson: `took more than ${LIMITS.lessonMs / 1_000} s in all checks together`,
  memory: ENDLESS,
  processes: `started processes: more than ${LIMITS.processes} ran at a time`,
  message: `sent a message of more than ${LIMITS.messageBytes / 2 ** 20} MiB`,
  requestBytes: `sent more than ${LIMITS.requestBytes / 2 ** 20} MiB for one request`,
  output: `wrote more than ${LIMITS.outputBytes / 2 ** 20} MiB to its output`,
} as const

/** The name of a limit. */
export type Limit = keyof typeof EXCEEDED
