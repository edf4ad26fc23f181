/**
 * A disk that can lose power. What was appended and not synced may be gone afterwards, or be there in part;
 * what was synced is there. Text, because rooms have no encoder; a torn character reads as U+FFFD.
 *
 * Mirrors: the little of POSIX that a write-ahead log needs
 */
export interface Disk {
  /** The names of all files, in order. */
  files(): Promise<string[]>

  /** @returns the whole file; `undefined` if there is none */
  read(file: string): Promise<string | undefined>

  /** Adds to the end of the file; makes it if there is none. */
  append(file: string, text: string): Promise<void>

  /**
   * Resolves when all that was appended before the call would survive.
   *
   * @throws {Error} if the disk cannot promise that; then nothing is known of what was not synced before
   */
  sync(file: string): Promise<void>

  /** Gives the file another name, in place of one that has it; in one step, and durable when it resolves. */
  rename(from: string, to: string): Promise<void>

  /** Removes the file; durable when it resolves. Does nothing if there is none. */
  remove(file: string): Promise<void>
}
