// The ConfigMap `a`, which is in the store when a check begins: its uid is known.
import type { Api } from './bench.ts'
import { BEGIN, config, isConfig, type More } from './objects.ts'

/** Where it is in the store. */
export const KEY = '/registry/configmaps/default/a'

/** What only the API sets in its metadata. */
export const known = { uid: 'of-a', creationTimestamp: BEGIN }

/** It, as it stands in the store. */
export const a = { apiVersion: 'v1', kind: 'ConfigMap', ...config('a', { metadata: known }) }

/** Puts it into the store, past the API and its rivals: it is at version 3. */
export function putA(api: Api, { metadata, ...parts }: More = {}): void {
  api.put(KEY, { ...a, metadata: { ...a.metadata, ...metadata }, data: { k: 'v' }, ...parts })
}

/** It, as it is answered. */
export function isA(version: number, { metadata, ...parts }: More = {}) {
  return isConfig('a', version, { metadata: { ...known, ...metadata }, ...parts })
}

/** A draft of it with one datum. */
export function withDatum(datum: string, metadata: object = {}) {
  return config('a', { metadata, data: { k: datum } })
}
