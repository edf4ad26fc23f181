/**
 * Makes a table constant, with all that is in it: what one room changed there, every other would find.
 *
 * @param table plain data and functions, without rings; the functions stay as they are
 * @returns the same table
 */
export function frozen<T>(table: T): T {
  if (typeof table !== 'object' || table === null) return table
  for (const part of Object.values(table)) frozen(part)
  return Object.freeze(table)
}
