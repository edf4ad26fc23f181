const entered = new Set<string>()

/**
 * What an unwritten part of a room throws. Creating one records that the part was entered, so that a
 * check that ran into it is reported as not started, even where the error was caught on the way.
 */
export class NotYet extends Error {
  override readonly name = 'NotYet'
  readonly lesson: string

  /** @param lesson the lesson's folder, such as `01-store` */
  constructor(lesson: string) {
    super(`not written yet: lesson ${lesson}`)
    this.lesson = lesson
    entered.add(lesson)
  }
}

/** The lessons whose unwritten parts have been entered so far. */
export function enteredStubs(): string[] {
  return [...entered]
}
