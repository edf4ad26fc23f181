/**
 * What is served, in the three forms in which clients ask for it.
 *
 * Mirrors: k8s.io/apiserver/pkg/endpoints/discovery
 */
import type { MediaRange } from './accept.ts'
import { takesJson } from './accept.ts'
import {
  type AnsweredResource,
  groupVersion,
  partVerbs,
  type ServedResources,
  type ServedVersion,
  type StoredResource,
  verbsOf,
} from './served-resources.ts'

/** An answer, and its media type where that says more than that it is JSON. */
export interface DiscoveryAnswer {
  body: object
  mediaType?: string
}

const AGGREGATED = 'apidiscovery.k8s.io'

/**
 * `/api` or `/apis`: the groups alone, or, for clients that can read it, everything at once.
 *
 * @param address such as `127.0.0.1:8001`
 */
export function groups(
  root: 'api' | 'apis',
  served: ServedResources,
  ranges: readonly MediaRange[],
  address: string,
): DiscoveryAnswer {
  for (const range of ranges.filter(takesJson)) {
    const as = range.parameters.get('as')
    const version = range.parameters.get('v')
    if (as === undefined) break
    if (as !== 'APIGroupDiscoveryList' || range.parameters.get('g') !== AGGREGATED) continue
    if (version !== 'v2' && version !== 'v2beta1') continue
    const mediaType = `application/json;g=${AGGREGATED};v=${version};as=${as}`
    return { body: aggregated(root, served, version), mediaType }
  }
  if (root === 'api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }]
    return { body: { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs } }
  }
  const list = [...byGroup(served, root).values()].map(groupOf)
  return { body: { kind: 'APIGroupList', apiVersion: 'v1', groups: list } }
}

/** `/apis/apps`; `undefined` if there is no such group. */
export function group(name: string, served: ServedResources): object | undefined {
  const versions = byGroup(served, 'apis').get(name)
  return versions && { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(versions) }
}

/** `/api/v1` or `/apis/apps/v1`. */
export function resources(version: ServedVersion): object {
  const list = [
    ...[...version.stored.values()].flatMap((resource) => [
      {
        name: resource.resource,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: verbsOf(resource),
        ...namesOf(resource),
      },
      ...[...resource.subresources].map((part) => ({
        name: `${resource.resource}/${part}`,
        singularName: '',
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: partVerbs(part),
      })),
    ]),
    ...[...version.answered].map(([path, resource]) => ({
      name: path,
      singularName: resource.subresource === undefined ? resource.singular : '',
      namespaced: resource.namespaced,
      // Left out where it is the list's own.
      ...(groupVersion(resource) !== groupVersion(version) && {
        group: resource.group,
        version: resource.version,
      }),
      kind: resource.kind,
      verbs: verbsOf(resource),
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const apiVersion = version.group ? { apiVersion: 'v1' } : {}
  return { kind: 'APIResourceList', ...apiVersion, groupVersion: groupVersion(version), resources: list }
}

function byGroup(served: ServedResources, root: 'api' | 'apis'): Map<string, ServedVersion[]> {
  const groups = new Map<string, ServedVersion[]>()
  for (const version of served.values()) {
    if ((version.group === '') !== (root === 'api')) continue
    groups.set(version.group, [...(groups.get(version.group) ?? []), version])
  }
  return groups
}

function groupOf(versions: readonly ServedVersion[]): object {
  const list = versions.map((each) => ({ groupVersion: groupVersion(each), version: each.version }))
  return { name: versions[0]?.group, versions: list, preferredVersion: list[0] }
}

function namesOf({ shortNames, categories }: StoredResource): object {
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) }
}

function aggregated(root: 'api' | 'apis', served: ServedResources, version: string): object {
  const items = [...byGroup(served, root)].map(([name, versions]) => ({
    metadata: { ...(name && { name }), creationTimestamp: null },
    versions: versions.map((each) => ({
      version: each.version,
      resources: aggregatedResources(each),
      freshness: 'Current',
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: `${AGGREGATED}/${version}`, metadata: {}, items }
}

function aggregatedResources(version: ServedVersion): object[] {
  const { stored, answered } = version
  const below = (resource: string) =>
    [...answered].filter(([path]) => path.startsWith(`${resource}/`)).map(([, each]) => part(each))
  const parts = (resource: StoredResource) =>
    [...resource.subresources].map((subresource) => ({
      subresource,
      responseKind: kindOf(resource),
      verbs: partVerbs(subresource),
    }))
  return [
    ...[...stored.values()].map((resource) => {
      const subresources = [...parts(resource), ...below(resource.resource)]
      return {
        resource: resource.resource,
        responseKind: kindOf(resource),
        scope: resource.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: resource.singular,
        verbs: verbsOf(resource),
        ...namesOf(resource),
        ...(subresources.length > 0 && { subresources }),
      }
    }),
    ...[...answered.values()]
      .filter(({ subresource }) => subresource === undefined)
      .map((resource) => ({
        resource: resource.resource,
        responseKind: kindOf(resource),
        scope: resource.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: resource.singular,
        verbs: verbsOf(resource),
      })),
  ]
}

function part(resource: AnsweredResource): object {
  return {
    subresource: resource.subresource,
    responseKind: kindOf(resource),
    verbs: verbsOf(resource),
  }
}

function kindOf({ group, version, kind }: StoredResource | AnsweredResource): object {
  return { group, version, kind }
}
