/** chai tells its plugins of itself by events, and the realm of a room has none. Nobody listens there. */

/** Of `EventTarget`, what chai calls. */
export class EventTarget {
  addEventListener(): void {}
  removeEventListener(): void {}
  dispatchEvent(): boolean {
    return true
  }
}

/** Of `Event`, what chai extends. */
export class Event {
  readonly type: string

  constructor(type: string) {
    this.type = type
  }
}
