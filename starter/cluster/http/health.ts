const NAMES = ['healthz', 'livez', 'readyz']

/** Where to ask whether the server is well. */
export const HEALTH_PATHS: readonly string[] = NAMES.flatMap((name) => [`/${name}`, `/${name}/ping`])

/**
 * That all is well, which is the one thing that is checked: `ping`.
 *
 * @param parts of the path
 * @returns `undefined` if the path is no check
 *
 * Mirrors: k8s.io/apiserver/pkg/server/healthz
 */
export function healthText(parts: readonly string[], query: URLSearchParams): string | undefined {
  const [name = ''] = parts
  if (!HEALTH_PATHS.includes(`/${parts.join('/')}`)) return undefined
  return parts.length === 1 && query.has('verbose') ? `[+]ping ok\n${name} check passed\n` : 'ok'
}
