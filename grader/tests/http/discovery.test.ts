import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kindTable } from '#kit/api/served-kinds'
import { type ServedFront, send, serveFront } from './served-front.ts'

const { Pod, Namespace, ReplicaSet, 'Pod/binding': binding } = kindTable
let front: ServedFront
beforeAll(async () => {
  const kinds = {
    ...(Pod && { Pod }),
    ...(Namespace && { Namespace }),
    ...(ReplicaSet && { ReplicaSet }),
    ...(binding && { 'Pod/binding': binding }),
  }
  front = await serveFront({ kinds })
})
afterAll(() => front.close())

const read = async (path: string, accept = '*/*') =>
  (await send(front.port, 'GET', path, { headers: { accept } })).body as Record<string, unknown>
const aggregated = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`

const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const part = ['get', 'patch', 'update']

describe('discovery', () => {
  it('names the groups and their versions', async () => {
    expect(await read('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const version = { groupVersion: 'apps/v1', version: 'v1' }
    const apps = { name: 'apps', versions: [version], preferredVersion: version }
    expect(await read('/apis')).toEqual({ kind: 'APIGroupList', apiVersion: 'v1', groups: [apps] })
    expect(await read('/apis/apps')).toEqual({ kind: 'APIGroup', apiVersion: 'v1', ...apps })
  })

  it('names the resources of a version, with what can be asked of them', async () => {
    const namespaced = true
    expect(await read('/apis/apps/v1')).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'apps/v1',
      resources: [
        {
          name: 'replicasets',
          singularName: 'replicaset',
          namespaced,
          kind: 'ReplicaSet',
          verbs: all,
          shortNames: ['rs'],
          categories: ['all'],
        },
        { name: 'replicasets/status', singularName: '', namespaced, kind: 'ReplicaSet', verbs: part },
      ],
    })
    const { resources } = (await read('/api/v1')) as { resources: { name: string; verbs: string[] }[] }
    expect(resources.map(({ name, verbs }) => [name, verbs])).toEqual([
      ['namespaces', all.filter((verb) => verb !== 'deletecollection')],
      ['namespaces/finalize', ['update']],
      ['namespaces/status', part],
      ['pods', all],
      ['pods/binding', ['create']],
      ['pods/status', part],
    ])
  })

  it.each(['v2', 'v2beta1'])('says everything at once in version %s', async (version) => {
    const body = await read('/api', aggregated(version))
    expect(body).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
    })
    const { items } = body as { items: { versions: { version: string; resources: object[] }[] }[] }
    const pods = items[0]?.versions[0]?.resources.find(
      (each) => 'resource' in each && each.resource === 'pods',
    )
    const kind = { group: '', version: 'v1', kind: 'Pod' }
    expect(pods).toEqual({
      resource: 'pods',
      responseKind: kind,
      scope: 'Namespaced',
      singularResource: 'pod',
      verbs: all,
      shortNames: ['po'],
      categories: ['all'],
      subresources: [
        { subresource: 'status', responseKind: kind, verbs: part },
        { subresource: 'binding', responseKind: { ...kind, kind: 'Binding' }, verbs: ['create'] },
      ],
    })
    const { headers } = await send(front.port, 'GET', '/apis', { headers: { accept: aggregated(version) } })
    expect(headers['content-type']).toBe(
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    )
  })

  it('answers that it is well, and which version it is', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await send(front.port, 'GET', path)).text).toBe('ok')
    }
    expect(await read('/version')).toMatchObject({ major: '1', minor: '32' })
  })

  it('says what was checked, and knows only that', async () => {
    const answer = async (path: string, method = 'GET') => {
      const { code, text } = await send(front.port, method, path)
      return [code, text]
    }
    expect(await answer('/readyz?verbose')).toEqual([200, '[+]ping ok\nreadyz check passed\n'])
    expect(await answer('/livez/ping?verbose')).toEqual([200, 'ok'])
    expect(await answer('/livez/etcd')).toEqual([404, '404 page not found\n'])
    expect(await answer('/healthz', 'HEAD')).toEqual([200, ''])
  })
})

describe('OpenAPI', () => {
  it('has a document of version 2, which is empty', async () => {
    const { code, headers, text } = await send(front.port, 'GET', '/openapi/v2?timeout=32s')
    const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
    expect([code, headers['content-type'], text]).toEqual([200, type, ''])
  })

  it('has a document for each version, under a URL that changes with it', async () => {
    const { paths } = (await read('/openapi/v3')) as { paths: Record<string, { serverRelativeURL: string }> }
    expect(Object.keys(paths)).toEqual(['api/v1', 'apis/apps/v1'])
    const url = paths['apis/apps/v1']?.serverRelativeURL ?? ''
    expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/)
    expect(await read(url)).toMatchObject({ openapi: '3.0.0' })
  })

  it('describes fields as kubernetes-types does, with the keys that lists are merged by', async () => {
    const { components } = (await read('/openapi/v3/api/v1')) as {
      components: { schemas: Record<string, { properties: object }> }
    }
    const { schemas } = components
    expect(schemas['io.k8s.api.core.v1.Pod']).toMatchObject({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
    })
    expect(schemas['io.k8s.api.core.v1.PodSpec']?.properties).toMatchObject({
      containers: {
        type: 'array',
        items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }] },
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
      },
      terminationGracePeriodSeconds: { type: 'integer', format: 'int64' },
      priority: { type: 'integer', format: 'int32' },
      nodeSelector: { type: 'object', additionalProperties: { type: 'string' } },
    })
    const required = (name: string) => (schemas[name] as { required?: string[] }).required
    expect(required('io.k8s.api.core.v1.PodSpec')).toEqual(['containers'])
  })

  it('refers to nothing that is not there', async () => {
    for (const path of ['api/v1', 'apis/apps/v1']) {
      const { text, body } = await send(front.port, 'GET', `/openapi/v3/${path}`)
      const { schemas } = (body as { components: { schemas: object } }).components
      const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
        ([, name]) => name,
      )
      expect(references.length).toBeGreaterThan(50)
      expect(references.filter((name) => !Object.hasOwn(schemas, name ?? ''))).toEqual([])
    }
  })
})
