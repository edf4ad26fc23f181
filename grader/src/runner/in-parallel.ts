/** How many gradings go on at a time: one waits for its process while the others are judged. */
export const AT_A_TIME = 3

/**
 * Does one thing after the other, up to {@link AT_A_TIME} at a time.
 *
 * @returns the results in the order of the items
 */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  return results
}
