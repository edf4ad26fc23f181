/**
 * What the API answers where it has no object to answer with, and one thing that is wrong with a request. Rooms
 * import nothing but kit and rooms.
 */
export type { Status, StatusCause } from 'kubernetes-types/meta/v1'
