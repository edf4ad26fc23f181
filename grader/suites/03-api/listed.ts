// Lists, as checks look at them.
import type { Api } from './bench.ts'
import { config } from './objects.ts'

export type List = ReturnType<Api['list']>
export type Page = Awaited<List>

/** Creates ConfigMaps of these names, each at the next version and with its name as the label `app`. */
export function createAll(api: Api, names: string[]): void {
  for (const name of names) api.create('ConfigMap', config(name, { metadata: { labels: { app: name } } }))
}

/** `namespace/name` of each object. */
export function placesOf({ items }: Page): string[] {
  return items.map(({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name}`)
}

/** The names, in a line. */
export function namesOf({ items }: Page): string {
  return items.map(({ metadata }) => metadata?.name).join(' ')
}
