// What a room may use beside the language itself. There are no timers, no process and no I/O: time, chance
// and everything outside come in as arguments.

/** Prints to the report of the check that runs. */
declare const console: Record<'debug' | 'error' | 'info' | 'log' | 'warn', (...values: unknown[]) => void>

/** Copies plain data, deeply. */
declare function structuredClone<T>(value: T): T
