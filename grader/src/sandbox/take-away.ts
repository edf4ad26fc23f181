/**
 * Takes from a realm what the language brings and what no lock can reach, or no stand-in stands for. To be called when the
 * stand-ins are there, and before it is locked.
 *
 * @param realm the global object
 */
export function takeAway(realm: Record<string, unknown>): void {
  // Two ways to real time that lead around the stand-ins.
  Date.prototype.constructor = realm.Date as DateConstructor
  Reflect.deleteProperty(Intl, 'DateTimeFormat')
  // No name leads to what it makes, and to make one, so as to lock it, takes as long as to start.
  Reflect.deleteProperty(Intl, 'Segmenter')
  // What was matched last, by whomever, and a text that anybody can leave there: `RegExp.input`.
  for (const key of Reflect.ownKeys(RegExp)) {
    const { get } = Reflect.getOwnPropertyDescriptor(RegExp, key) ?? {}
    if (get && key !== Symbol.species) Reflect.deleteProperty(RegExp, key)
  }
  // When memory is freed depends on the machine.
  for (const name of ['WeakRef', 'FinalizationRegistry']) Reflect.deleteProperty(realm, name)
}
