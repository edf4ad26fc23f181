/** What is said of every other import. */
export const RULE = 'a room may import #rooms/… and #kit/…, nothing else'

/** What a room or a module of the kit may be called, with its folders. */
export const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/
