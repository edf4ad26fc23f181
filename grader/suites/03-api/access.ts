// API-28: access.

import type { ConfigMap } from 'kubernetes-types/core/v1'
import type { Call } from '../../src/subject/subject.ts'
import { given, jane, loopback, merge } from './asker.ts'
import { check } from './bench.ts'
import { a, KEY } from './known-config.ts'
import { at, config, nameMissing, refusal, set, unknownResource, wrongShape } from './objects.ts'

/** Where another ConfigMap of these checks is in the store. */
const C = '/registry/configmaps/default/c'

check(
  'API-28.1',
  'asks access once for each request, before the store, with what applies',
  (api, look) => {
    api.put(KEY, a)
    const asked = (call: Call<unknown>, what: string, attributes: object) => {
      look.begin(async () => void (await call.settled()))
      const question = { user: loopback, apiGroup: '', resource: 'configmaps', ...attributes }
      const told = api.told()
      look.of(told, `each question to access during ${what}`, [question], (told) =>
        told
          .filter(({ from }) => from === 'access')
          .map(({ from: _from, call: _call, ...asked }) => given(asked)),
      )
      look.of(
        told,
        `who was asked first during ${what}, access or the store`,
        'access',
        ([first]) => first?.from,
      )
    }
    const here = { namespace: 'default' }
    const named = { ...here, name: 'a' }
    asked(api.create('ConfigMap', config('b')), 'create', { verb: 'create', ...here })
    asked(api.get('ConfigMap', at('a')), 'get', { verb: 'get', ...named })
    asked(api.update('ConfigMap', config('a')), 'update', { verb: 'update', ...named })
    asked(api.patch('ConfigMap', at('a'), merge, { user: jane }), 'a patch by jane', {
      verb: 'patch',
      ...named,
      user: jane,
    })
    const one = { namespace: '', fieldSelector: 'metadata.name=a' }
    asked(api.list('ConfigMap', one), "list of what has one name, in the namespace ''", { verb: 'list' })
    asked(api.list('ConfigMap', { ...here, user: jane }), 'a list by jane', {
      verb: 'list',
      ...here,
      user: jane,
    })
    asked(api.watch.hold('ConfigMap', { ...here, resourceVersion: '3' }).next(), 'watch', {
      verb: 'watch',
      ...here,
    })
    asked(api.delete('ConfigMap', at('b')), 'delete', { verb: 'delete', ...named, name: 'b' })
    asked(api.deleteCollection('ConfigMap', here), 'deleteCollection', { verb: 'deletecollection', ...here })
    const status = { subresource: 'status' } as const
    const apps = { apiGroup: 'apps', resource: 'replicasets', ...status, ...named }
    asked(api.update('ReplicaSet', set('a'), status), 'update of a status', { verb: 'update', ...apps })
    asked(api.patch('ReplicaSet', at('a'), merge, status), 'patch of a status', { verb: 'patch', ...apps })
    look.begin(async () => void (await api.create('ReplicaSet', set('b'), status).settled()))
    look.told(
      api,
      'the subresource that access was asked for during create of a status',
      ['status'],
      (told) => told.filter(({ from }) => from === 'access').map(({ subresource }) => subresource),
    )
    asked(
      api.patch('Namespace', { name: 'default' }, merge, { subresource: 'finalize' }),
      'patch of the finalizers of a Namespace',
      { verb: 'patch', resource: 'namespaces', subresource: 'finalize', name: 'default' },
    )
    const namespaces = { verb: 'get', resource: 'namespaces', name: 'default' }
    asked(api.get('Namespace', { name: 'default', namespace: 'x' }), 'get of a Namespace', namespaces)
    const again = 'another create, where somebody else creates it after access was asked'
    asked(api.create('ConfigMap', config('c')), again, { verb: 'create', ...here })
    asked(
      api.patch('ConfigMap', at('c'), merge),
      'a patch, where somebody else wrote after the API had read',
      {
        verb: 'patch',
        ...named,
        name: 'c',
      },
    )
  },
  { rivals: [{ when: 'before a write', key: C, does: { data: { rival: 'was here' } }, times: 2 }] },
)

check(
  'API-28.2',
  'refuses what access does not allow, whatever is there, and leaves the store alone',
  (api, look) => {
    api.put(KEY, a)
    const refused = (call: Call<unknown>, what: string, verb: string, name = '', resource = 'configmaps') => {
      const where = resource === 'namespaces' ? 'at the cluster scope' : 'in the namespace "default"'
      const sentence = `User "jane" cannot ${verb} resource "${resource}" in API group "" ${where}: too late`
      const subject = name ? `${resource.split('/')[0]} "${name}"` : resource
      const details = { ...(name && { name }), kind: resource.split('/')[0] }
      look.refused(call, what, refusal(403, 'Forbidden', `${subject} is forbidden: ${sentence}`, details))
    }
    const user = { user: jane }
    refused(api.create('ConfigMap', config('a'), user), 'create', 'create')
    refused(api.create('ConfigMap', config('a'), { ...user, dryRun: true }), 'a dry run of create', 'create')
    refused(api.get('ConfigMap', at('nope'), user), 'get of what is not there', 'get', 'nope')
    refused(api.update('ConfigMap', config('nope'), user), 'update of what is not there', 'update', 'nope')
    refused(api.patch('ConfigMap', at('a'), merge, user), 'patch', 'patch', 'a')
    const all = { ...user, namespace: 'default' }
    const wrong = { ...all, labelSelector: 'a in (' }
    refused(api.list('ConfigMap', wrong), 'a list with a bad selector', 'list')
    const exact = { ...all, resourceVersionMatch: 'Exact', continue: 'garbage' } as const
    refused(api.list('ConfigMap', exact), 'a list whose options make no sense', 'list')
    const watch = api.watch.hold('ConfigMap', wrong)
    refused(watch.next(), 'the first next() of a watch', 'watch')
    look.over(watch.next(), 'next() after that')
    refused(api.delete('ConfigMap', at('a'), user), 'delete', 'delete', 'a')
    refused(
      api.deleteCollection('ConfigMap', wrong),
      'a deleteCollection with a bad selector',
      'deletecollection',
    )
    const placed = { name: 'x', namespace: 'default' }
    refused(api.delete('Namespace', placed, user), 'delete of a Namespace', 'delete', 'x', 'namespaces')
    refused(api.list('Namespace', all), 'a list of Namespaces', 'list', '', 'namespaces')
    const status = { ...user, subresource: 'status' } as const
    refused(
      api.update('ConfigMap', config('a'), status),
      'a subresource that there is not',
      'update',
      'a',
      'configmaps/status',
    )
    look.told(api, 'what the store was asked during these requests, all of them refused', [], (told) =>
      told.filter(({ from }) => from === 'store'),
    )
  },
  { denied: 'too late' },
)

check('API-28.3', 'asks nobody about what has not the shape of an object, or no name', (api, look) => {
  const kind = 'Widget' as 'ConfigMap'
  look.refused(api.get(kind, at('a')), 'get of a kind that the table does not have', unknownResource)
  const shapeless = config('a', { metadata: { labels: 'x' } })
  look.refused(api.create('ConfigMap', shapeless), 'create with labels that are a text', wrongShape)
  look.refused(api.update('ConfigMap', shapeless), 'update with labels that are a text', wrongShape)
  const nameless = config('', { metadata: { labels: 'x' } })
  look.refused(
    api.update('ConfigMap', nameless),
    'update with labels that are a text, without a name',
    wrongShape,
  )
  const nowhere = { metadata: { name: 'b', labels: 'x' } } as object as ConfigMap
  look.refused(
    api.create('ConfigMap', nowhere),
    'create with labels that are a text, in no namespace',
    wrongShape,
  )
  const unnamed = [
    [api.get('ConfigMap', at('')), 'get'],
    [api.update('ConfigMap', config('')), 'update'],
    [api.patch('ConfigMap', at(''), merge), 'patch'],
    [api.delete('ConfigMap', at('')), 'delete'],
  ] as const
  for (const [call, method] of unnamed) look.refused(call, `${method} without a name`, nameMissing)
  look.told(api, 'what anybody was asked during these requests', [], (told) => told)
})
