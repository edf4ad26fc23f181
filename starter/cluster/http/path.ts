/** What a request is about, as its path says. */
export interface ResourcePath {
  /** `v1`, `apps/v1`. */
  groupVersion: string
  namespace: string | undefined
  resource: string
  name: string | undefined
  subresource: string | undefined
}

/** Paths under `/api/v1/namespaces/x` that are about the namespace itself rather than about what is in it. */
const OF_NAMESPACE = ['status', 'finalize']

/**
 * The parts of a path, decoded. An encoded slash separates like any other, and `..` is a part like any other:
 * nothing is resolved.
 *
 * @returns `undefined` if it cannot be decoded
 */
export function pathParts(path: string): string[] | undefined {
  try {
    return decodeURIComponent(path)
      .replace(/^\/|\/$/g, '')
      .split('/')
  } catch {
    return undefined
  }
}

/**
 * Reads the path of a resource: `/api/v1/…` for the core group, `/apis/GROUP/VERSION/…` for the others.
 *
 * Mirrors: `RequestInfoFactory` of k8s.io/apiserver/pkg/endpoints/request
 *
 * @returns `undefined` if it is no such path
 */
export function resourcePath(parts: readonly string[]): ResourcePath | undefined {
  const [root] = parts
  const isCore = root === 'api'
  if ((!isCore && root !== 'apis') || parts.includes('')) return undefined
  const groupVersion = parts.slice(1, isCore ? 2 : 3).join('/')
  const rest = parts.slice(isCore ? 2 : 3)
  const [first, namespace, second] = rest
  if (first === undefined) return undefined
  const isInside = first === 'namespaces' && second !== undefined && !OF_NAMESPACE.includes(second)
  const [resource = first, name, subresource, ...more] = isInside ? rest.slice(2) : rest
  if (more.length > 0) return undefined
  return { groupVersion, namespace: isInside ? namespace : undefined, resource, name, subresource }
}
