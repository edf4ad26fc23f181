/**
 * Values that come one after the other. `next()` waits for the next one; `return()` ends the stream, and with
 * it every `next()` that still waits. A stream that breaks off rejects `next()` once and is done.
 */
export interface Stream<T> {
  next(): Promise<IteratorResult<T, undefined>>
  return(): Promise<IteratorResult<T, undefined>>
  [Symbol.asyncIterator](): Stream<T>
}
