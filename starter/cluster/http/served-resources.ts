import type { Column, KindTable, ResourceNames, VirtualRow } from '#kit/api/kind-table'
import type { KindName, StoredKind, VirtualKind } from '#kit/api/kinds'
import type { Subresource } from '#kit/client-options'

/** A kind that is stored, as far as the front has to know it. */
export interface StoredResource extends ResourceNames {
  kind: StoredKind
  stored: true
  subresources: ReadonlySet<Subresource>
  columns: readonly Column<object>[]
}

/** Something that is answered rather than stored: under its own name, or below an object of another kind. */
export interface AnsweredResource extends ResourceNames {
  stored: false
  /** How a client names it: `Pod/binding`. */
  row: VirtualKind
  subresource: string | undefined
}

/** What a path can lead to. */
export type ServedResource = StoredResource | AnsweredResource

/** One group in one version, with the resources that are found under its path. */
export interface ServedVersion {
  group: string
  version: string
  /** By plural name. */
  stored: Map<string, StoredResource>
  /** By path: `pods/binding`, `subjectaccessreviews`. */
  answered: Map<string, AnsweredResource>
}

/** Everything that is served, by `groupVersion`: `v1`, `apps/v1`. The core group comes first. */
export type ServedResources = ReadonlyMap<string, ServedVersion>

/** Sorts the rows of a kind table by the paths under which they are found. */
export function servedResources(table: KindTable): ServedResources {
  const versions = new Map<string, ServedVersion>()
  const versionOf = ({ group, version }: Pick<ResourceNames, 'group' | 'version'>): ServedVersion => {
    const key = groupVersion({ group, version })
    const known = versions.get(key)
    if (known) return known
    const made: ServedVersion = { group, version, stored: new Map(), answered: new Map() }
    versions.set(key, made)
    return made
  }
  for (const row of Object.values(table).toSorted(byGroup)) {
    if (!isStored(row)) continue
    const subresources = new Set(Object.keys(row.subresources).filter(isServed))
    // Each column is only ever given objects of its own kind.
    versionOf(row).stored.set(row.resource, { ...row, stored: true, subresources, columns: row.columns })
  }
  for (const [name, row] of Object.entries(table)) {
    if (isStored(row)) continue
    const { subresource } = row
    // A subresource is found under its parent's group, whatever its own kind belongs to.
    const parent = subresource === undefined ? undefined : table[name.split('/')[0] as StoredKind]
    const path = subresource === undefined ? row.resource : `${row.resource}/${subresource}`
    versionOf(parent ?? row).answered.set(path, { ...row, stored: false, row: name as VirtualKind })
  }
  return versions
}

/** `v1` for the core group, `apps/v1` for another. */
export function groupVersion({ group, version }: Pick<ResourceNames, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version
}

/** What a client calls it. */
export function rowOf(resource: ServedResource): KindName {
  return resource.stored ? resource.kind : resource.row
}

/**
 * What can be asked of a resource, in the words of discovery. A kind that is finalized by itself, as a
 * namespace is, is not deleted by the dozen.
 */
export function verbsOf(resource: ServedResource): string[] {
  if (!resource.stored) return resource.kind === 'Scale' ? ['get', 'patch', 'update'] : ['create']
  const each = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
  return resource.subresources.has('finalize') ? each.filter((verb) => verb !== 'deletecollection') : each
}

/** What can be asked of a subresource that is a part of its object. */
export function partVerbs(subresource: string): string[] {
  return subresource === 'finalize' ? ['update'] : ['get', 'patch', 'update']
}

type Row = NonNullable<KindTable[KindName]>

function isStored(row: Row): row is Exclude<Row, VirtualRow> {
  return 'columns' in row
}

/** `binding` is what the API writes on behalf of `Pod/binding`; over HTTP there is only that. */
function isServed(name: string): name is Subresource {
  return name === 'status' || name === 'finalize'
}

function byGroup(a: Row, b: Row): number {
  return a.group === b.group ? 0 : a.group < b.group ? -1 : 1
}
