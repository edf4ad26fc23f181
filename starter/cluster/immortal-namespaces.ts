import type { AdmissionPlugin } from '#kit/admission'
import { namespace } from '#kit/api/namespace'
import { forbidden } from '#kit/status-error'

const IMMORTAL = ['default', 'kube-system', 'kube-public']

/**
 * Keeps the namespaces that a cluster cannot be without.
 *
 * Mirrors: the admission plugin `NamespaceLifecycle` of kube-apiserver, of which the API itself does the rest
 */
export const immortalNamespaces: AdmissionPlugin = {
  mutate: async ({ object }) => object,
  async validate({ kind, operation, name = '' }) {
    if (kind === 'Namespace' && operation === 'DELETE' && IMMORTAL.includes(name))
      throw forbidden(namespace, name, 'this namespace may not be deleted')
  },
  finish: async () => undefined,
}
