/**
 * How a pod finds Services. Lesson 12 fills it; the kubelet (06) asks.
 *
 * Mirrors: the kubelet's dns.Configurer and envvars.FromServices
 */
import type { Pod } from '#kit/api/kinds'

/** The contents of a pod's `resolv.conf`. */
export interface PodDns {
  servers: readonly string[]
  searches: readonly string[]
  options: readonly string[]
}

/** What the kubelet has to know about Services. */
export interface Discovery {
  /** Called before a pod sandbox is run. Stand-in: three empty lists. */
  dns(pod: Pod): Promise<PodDns>

  /** Called each time before a container is created, before configuration. Stand-in: `{}`. */
  serviceEnvironment(pod: Pod): Promise<Readonly<Record<string, string>>>
}
