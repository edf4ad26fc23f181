import type { AddressInfo } from 'node:net'
import { assembleApi } from '#cluster/assemble-api'
import { httpFront } from '#cluster/http/server'
import { immortalNamespaces } from '#cluster/immortal-namespaces'
import { NamespaceStandIn } from '#cluster/namespace-stand-in'
import { rejectingClient } from '#cluster/rejecting-client'
import { compactStore } from '#cluster/store-compaction'
import { systemClock } from '#cluster/system-clock'
import { systemRandom } from '#cluster/system-random'
import { everybodyIsAdministrator } from '#kit/access'
import { kindTable } from '#kit/api/served-kinds'
import type { Client } from '#kit/client'
import type { Clock } from '#kit/clock'
import { type Random, seeded } from '#kit/random'
import { isAlreadyExists } from '#kit/status-error'
import { Store } from '#rooms/store'

/** How to serve. */
export interface ServeOptions {
  /** On 127.0.0.1; 0: any that is free. */
  port: number
  /** The seed of uids and the ends of generated names. Left out: the machine's own chance. */
  seed?: number
  /** Told of every fault of the rooms; `request` says what was being done. */
  onFault(error: unknown, request: string): void
}

/** A control plane that is served. */
export interface ServedApi {
  port: number
  /** Resolves when nothing of it is left running. */
  stop(): Promise<void>
}

/** The namespaces that every cluster begins with. */
const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease']

/**
 * Serves the rooms' API, in memory, over HTTP on this machine only.
 *
 * @throws with code `EADDRINUSE` if the port is taken
 */
export async function serveApi({ port, seed, onFault }: ServeOptions): Promise<ServedApi> {
  const clock = systemClock
  const random = seed === undefined ? systemRandom : seeded(seed)
  const { client, store } = makeApi(clock, random)
  const server = httpFront({
    client,
    kinds: kindTable,
    access: everybodyIsAdministrator,
    now: () => clock.now(),
    onFault: (error, { method, path }) => onFault(error, `${method} ${path}`),
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  await createNamespaces(client, onFault)
  const namespaces = new NamespaceStandIn({ client, clock, kinds: kindTable })
  await namespaces.start()
  const endCompaction =
    store && compactStore({ store, clock, onFault: (error) => onFault(error, 'compacting the store') })
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      endCompaction?.()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, namespaces.stop()])
    },
  }
}

/** Rooms that cannot even be made are served, too: whoever asks is told why. */
function makeApi(clock: Clock, random: Random): { client: Client; store?: Store<object> } {
  try {
    const store = new Store<object>()
    return { client: assembleApi({ store, clock, random, admission: [immortalNamespaces] }), store }
  } catch (error) {
    return { client: rejectingClient(error) }
  }
}

/** A room that is not finished is no reason not to serve the rest. */
async function createNamespaces(client: Client, onFault: ServeOptions['onFault']): Promise<void> {
  for (const name of NAMESPACES) {
    try {
      await client.create('Namespace', { metadata: { name } })
    } catch (error) {
      if (isAlreadyExists(error)) continue
      onFault(error, `creating the namespace ${name}`)
      return
    }
  }
}
