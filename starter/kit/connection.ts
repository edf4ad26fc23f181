/** How a request to a container's port went. `location` is where a redirect leads; it is not followed. */
export type ConnectionResult =
  | { outcome: 'answered'; status: number; location: string | undefined; body: string }
  | { outcome: 'failed'; message: string }
  | { outcome: 'timed out' }

/** One GET from the node to a container. */
export interface HttpRequest {
  scheme: 'HTTP' | 'HTTPS'
  host: string
  port: number
  path: string
  headers: readonly { name: string; value: string }[]
}
