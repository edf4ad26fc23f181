// What a real control plane (Kubernetes 1.26) answered to the same requests.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccessAttributes, everybodyIsAdministrator } from '#kit/access'
import type { User } from '#kit/user'
import { CONFIG_MAPS, PODS, pod, type Sent, type ServedFront, send, serveFront } from './served-front.ts'

let front: ServedFront
beforeAll(async () => {
  front = await serveFront()
})
afterAll(() => front.close())

const ask = (method: string, path: string, sent?: Sent) => send(front.port, method, path, sent)
const SECRETS = '/api/v1/namespaces/default/secrets'
const bare = { containers: [{ name: 'c', image: 'nginx:1' }] }
const failure = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }

describe('reading and writing', () => {
  it('creates with 201, with defaults, and reads the same back', async () => {
    const created = await ask('POST', PODS, { body: pod('a') })
    expect(created.code).toBe(201)
    expect(created.body).toMatchObject({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'default' },
      spec: {
        containers: [{ name: 'c', image: 'nginx:1', imagePullPolicy: 'IfNotPresent' }],
        restartPolicy: 'Always',
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
    const read = await ask('GET', `${PODS}/a`)
    expect([read.code, read.headers['content-type'], read.body]).toEqual([
      200,
      'application/json',
      created.body,
    ])
  })

  it('lists with the list’s kind, and objects without theirs', async () => {
    await ask('POST', CONFIG_MAPS, { body: { metadata: { name: 'one' }, data: { k: 'v' } } })
    const { code, body } = await ask('GET', `${CONFIG_MAPS}?limit=500`)
    expect(code).toBe(200)
    expect(body).toMatchObject({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    const [item] = (body as { items: object[] }).items
    expect(item).toMatchObject({ metadata: { name: 'one' }, data: { k: 'v' } })
    expect(Object.keys(item ?? {})).toEqual(['metadata', 'data'])
  })

  it('replaces, and refuses another name than the path’s', async () => {
    const change = { metadata: { name: 'one' }, data: { k: 'w' } }
    expect((await ask('PUT', `${CONFIG_MAPS}/one`, { body: change })).body).toMatchObject({
      data: { k: 'w' },
    })
    const other = await ask('PUT', `${CONFIG_MAPS}/one`, { body: { metadata: { name: 'z' } } })
    expect(other.body).toEqual({
      ...failure,
      message: 'the name of the object (z) does not match the name on the URL (one)',
      reason: 'BadRequest',
      code: 400,
    })
  })

  it.each([
    ['merge-patch', { data: { p: '1' } }, { k: 'w', p: '1' }],
    ['strategic-merge-patch', { data: { k: null } }, { p: '1' }],
    ['json-patch', [{ op: 'add', path: '/data/q', value: '2' }], { p: '1', q: '2' }],
  ])('takes a %s', async (type, body, data) => {
    const headers = { 'content-type': `application/${type}+json` }
    const { code, body: patched } = await ask('PATCH', `${CONFIG_MAPS}/one`, { body, headers })
    expect([code, (patched as { data: object }).data]).toEqual([200, data])
  })

  it('writes the status through its subresource, and only that', async () => {
    const body = { spec: { nodeName: 'n1' }, status: { phase: 'Running' } }
    const headers = { 'content-type': 'application/merge-patch+json' }
    const { body: patched } = await ask('PATCH', `${PODS}/a/status`, { body, headers })
    expect(patched).toMatchObject({ status: { phase: 'Running' } })
    expect((patched as { spec: object }).spec).not.toHaveProperty('nodeName')
    expect((await ask('GET', `${PODS}/a/status`)).body).toEqual(patched)
  })

  it('binds a pod to a node once, with 201 and a Status', async () => {
    await ask('POST', PODS, { body: pod('bound') })
    const body = { metadata: { name: 'bound' }, target: { kind: 'Node', name: 'n1' } }
    const bound = await ask('POST', `${PODS}/bound/binding`, { body })
    const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
    expect([bound.code, bound.body]).toEqual([201, success])
    expect((await ask('GET', `${PODS}/bound`)).body).toMatchObject({
      spec: { nodeName: 'n1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    })
    const again = await ask('POST', `${PODS}/bound/binding`, { body })
    expect([again.code, (again.body as { message: string }).message]).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "bound": pod bound is already assigned to node "n1"',
    ])
    const other = await ask('POST', `${PODS}/bound/binding`, { body: { ...body, metadata: { name: 'x' } } })
    expect(other.body).toEqual({
      ...failure,
      message: 'name in URL does not match name in Binding object',
      reason: 'BadRequest',
      code: 400,
    })
  })

  it('deletes as the body says, and otherwise as the query says', async () => {
    const preconditions = { uid: '00000000-0000-0000-0000-000000000000' }
    const refused = await ask('DELETE', `${PODS}/a?gracePeriodSeconds=0`, {
      body: { kind: 'DeleteOptions', preconditions },
    })
    expect(refused.body).toMatchObject({ code: 409, reason: 'Conflict', details: { kind: 'Pod', name: 'a' } })
    const grace = await ask('DELETE', `${PODS}/bound?gracePeriodSeconds=7`)
    expect(grace.body).toMatchObject({ kind: 'Pod', metadata: { deletionGracePeriodSeconds: 7 } })
    expect((await ask('DELETE', `${PODS}/bound`, { body: { gracePeriodSeconds: 0 } })).code).toBe(200)
    expect((await ask('GET', `${PODS}/bound`)).code).toBe(404)
  })

  it('deletes as protobuf says', async () => {
    await ask('POST', PODS, { body: { ...pod('typed'), spec: { ...bare, nodeName: 'n1' } } })
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' }
    const remove = (options: number[]) => {
      const type = [0x0a, 0x13, 0x0a, 2, ...Buffer.from('v1'), 0x12, 13, ...Buffer.from('DeleteOptions')]
      const bytes = Buffer.from([...Buffer.from('k8s\0'), ...type, 0x12, options.length, ...options])
      return ask('DELETE', `${PODS}/typed`, { body: bytes.toString('latin1'), headers })
    }
    const other = [0x12, 7, 0x0a, 5, ...Buffer.from('other')]
    expect((await remove(other)).body).toMatchObject({ code: 409, reason: 'Conflict' })
    expect((await remove([0x08, 7, 0x2a, 3, ...Buffer.from('All')])).code).toBe(200)
    expect((await ask('GET', `${PODS}/typed`)).body).not.toHaveProperty('metadata.deletionTimestamp')
    expect((await remove([0x08, 7])).body).toMatchObject({ metadata: { deletionGracePeriodSeconds: 7 } })
    expect((await remove([0x08, 0])).code).toBe(200)
    expect((await ask('GET', `${PODS}/typed`)).code).toBe(404)
    for (const broken of [[0x08], [0x12, 100], [0x09, 1]])
      expect((await remove(broken)).body).toMatchObject({ code: 400, reason: 'BadRequest' })
  })

  it('deletes a collection by selector', async () => {
    for (const [name, app] of [
      ['d1', 'x'],
      ['d2', 'x'],
      ['d3', 'y'],
    ] as const) {
      await ask('POST', CONFIG_MAPS, { body: { metadata: { name, labels: { app } } } })
    }
    const { code, body } = await ask('DELETE', `${CONFIG_MAPS}?labelSelector=app%3Dx`)
    expect([code, (body as { kind: string }).kind]).toEqual([200, 'ConfigMapList'])
    const left = (await ask('GET', CONFIG_MAPS)).body as { items: { metadata: { name: string } }[] }
    expect(left.items.map(({ metadata }) => metadata.name)).toEqual(['d3', 'one'])
  })

  it('leaves nothing behind in a dry run', async () => {
    const made = await ask('POST', `${CONFIG_MAPS}?dryRun=All`, { body: { metadata: { name: 'dry' } } })
    expect([made.code, (await ask('GET', `${CONFIG_MAPS}/dry`)).code]).toEqual([201, 404])
    const gone = await ask('DELETE', `${CONFIG_MAPS}/one`, { body: { dryRun: ['All'] } })
    expect([gone.code, (await ask('GET', `${CONFIG_MAPS}/one`)).code]).toEqual([200, 200])
  })

  it('finalizes a namespace', async () => {
    await ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'team' } } })
    const { body } = await ask('DELETE', '/api/v1/namespaces/team')
    expect(body).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Terminating' } })
    const late = await ask('POST', '/api/v1/namespaces/team/configmaps', {
      body: { metadata: { name: 'late' } },
    })
    expect(late.body).toMatchObject({ code: 403, details: { causes: [{ reason: 'NamespaceTerminating' }] } })
    const final = { ...(body as object), spec: {} }
    expect((await ask('PUT', '/api/v1/namespaces/team/finalize', { body: final })).code).toBe(200)
    expect((await ask('GET', '/api/v1/namespaces/team')).code).toBe(404)
  })

  it('reads YAML', async () => {
    const headers = { 'content-type': 'application/yaml' }
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  k: "1"\n'
    expect((await ask('POST', CONFIG_MAPS, { body, headers })).body).toMatchObject({ data: { k: '1' } })
  })
})

describe('the form of an answer', () => {
  const as = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io,application/json` })

  it('is a Table for whoever asks for one, with the metadata of each object', async () => {
    const { body } = await ask('GET', CONFIG_MAPS, { headers: as('Table') })
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Data', type: 'integer', format: '', priority: 0 },
        { name: 'Age', type: 'string', format: '', priority: 0 },
      ],
    })
    const [row] = (body as { rows: { cells: unknown[]; object: object }[] }).rows
    expect(row?.cells.slice(0, 2)).toEqual(['d3', 0])
    expect(row?.object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'd3', labels: { app: 'y' } },
    })
  })

  it('is metadata alone for whoever asks for that', async () => {
    const one = await ask('GET', `${CONFIG_MAPS}/one`, { headers: as('PartialObjectMetadata') })
    expect(Object.keys(one.body as object)).toEqual(['kind', 'apiVersion', 'metadata'])
    const list = await ask('GET', CONFIG_MAPS, { headers: as('PartialObjectMetadataList') })
    expect(list.body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })
  })

  it('is JSON for whoever would rather have protobuf, and 406 for whoever takes nothing else', async () => {
    const accept = 'application/vnd.kubernetes.protobuf'
    expect((await ask('GET', CONFIG_MAPS, { headers: { accept: `${accept},application/json` } })).code).toBe(
      200,
    )
    const refused = await ask('POST', CONFIG_MAPS, {
      headers: { accept },
      body: { metadata: { name: 'no' } },
    })
    expect([refused.code, (await ask('GET', `${CONFIG_MAPS}/no`)).code]).toEqual([406, 404])
  })
})

describe('the text of an answer', () => {
  const read = async (query: string, agent: string) => {
    const path = `/api/v1/namespaces/default/pods/none${query}`
    return (await ask('GET', path, { headers: { 'user-agent': agent } })).text
  }
  const message = 'pods "none" not found'
  const refusal = {
    ...failure,
    message,
    reason: 'NotFound',
    details: { name: 'none', kind: 'pods' },
    code: 404,
  }
  const line = `${JSON.stringify(refusal)}\n`
  const indented = JSON.stringify(refusal, null, 2)

  it('is one line for programs, and indented for curl and browsers; a Status has its usual order', async () => {
    expect(await read('', 'kubectl/v1.32.0')).toBe(line)
    for (const agent of ['curl/8.5.0', 'Wget/1.21', 'Mozilla/5.0 (X11)'])
      expect(await read('', agent)).toBe(indented)
  })

  it('is as pretty as it is asked to be', async () => {
    expect(await read('?pretty=true', 'kubectl')).toBe(indented)
    expect(await read('?a=b&pretty=1', 'kubectl')).toBe(indented)
    expect(await read('?pretty=false', 'curl/8.5.0')).toBe(line)
    expect(await read('?pretty=', 'curl/8.5.0')).toBe(indented)
  })

  it('is always indented where it says the version and the paths', async () => {
    for (const path of ['/version', '/']) {
      const { text, body } = await ask('GET', path)
      expect(text).toBe(JSON.stringify(body, null, 2))
    }
  })
})

describe('what is refused', () => {
  it.each([
    [
      'GET',
      '/api/v1/namespaces/default/widgets',
      'the server could not find the requested resource',
      'NotFound',
      404,
    ],
    ['GET', '/api/v1/nodes/a/log', 'the server could not find the requested resource', 'NotFound', 404],
    ['GET', '/api/v1/pods/a', 'the server could not find the requested resource', 'NotFound', 404],
    [
      'POST',
      `${PODS}/a`,
      'the server does not allow this method on the requested resource',
      'MethodNotAllowed',
      405,
    ],
    [
      'POST',
      '/api/v1/pods',
      'the server does not allow this method on the requested resource',
      'MethodNotAllowed',
      405,
    ],
    [
      'DELETE',
      '/api/v1/namespaces',
      'the server does not allow this method on the requested resource',
      'MethodNotAllowed',
      405,
    ],
  ])('%s %s', async (method, path, message, reason, code) => {
    const answer = await ask(method, path, method === 'POST' ? { body: pod('a') } : {})
    expect([answer.code, answer.body]).toEqual([code, { ...failure, message, reason, details: {}, code }])
  })

  it('is a group that nobody serves, in plain text', async () => {
    const { code, text } = await ask('GET', '/apis/nope.io/v1/things')
    expect([code, text]).toEqual([404, '404 page not found\n'])
  })

  it('is a body for another namespace than the path’s', async () => {
    const body = { ...pod('b'), metadata: { name: 'b', namespace: 'other' } }
    const message = 'the namespace of the provided object does not match the namespace sent on the request'
    expect((await ask('POST', PODS, { body })).body).toEqual({
      ...failure,
      message,
      reason: 'BadRequest',
      code: 400,
    })
  })

  it('is a body that is no JSON, of another kind, or with a wrong type', async () => {
    const message = async (body: unknown) => {
      const answer = await ask('POST', PODS, { body })
      expect(answer.body).toEqual({
        ...failure,
        message: expect.any(String),
        reason: 'BadRequest',
        code: 400,
      })
      return (answer.body as { message: string }).message
    }
    expect(await message('{"kind":')).toBe(
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input ({"kind":)`,
    )
    expect(await message({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' } })).toBe(
      'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
    )
    expect(await message({ apiVersion: '../../../x', kind: 'Pod' })).toBe(
      'Pod in version "../../../x" cannot be handled as a Pod: no kind "Pod" is registered for version "../../../x"',
    )
    expect(await message({ ...pod('b'), spec: { containers: 'none' } })).toBe(
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    )
    expect(await message({ ...pod('b'), spec: { containers: [{ ports: [{ containerPort: '80' }] }] } })).toBe(
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    )
    expect(
      await message({ ...pod('b'), spec: { containers: [{ resources: { requests: { cpu: 'many' } } }] } }),
    ).toBe(
      'Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
    )
  })

  it('is an unknown field under Strict; under Warn there is a warning, under Ignore there is nothing', async () => {
    const body = { ...pod('w'), spec: { containers: [{ name: 'c', image: 'x', imge: 'y' }] } }
    const strict = await ask('POST', `${PODS}?fieldValidation=Strict`, { body })
    const message =
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imge"'
    expect(strict.body).toEqual({ ...failure, message, reason: 'BadRequest', code: 400 })
    const warned = await ask('POST', `${PODS}?dryRun=All`, { body })
    expect(warned.headers.warning).toBe('299 - "unknown field \\"spec.containers[0].imge\\""')
    expect(warned.text).not.toContain('imge')
    const ignored = await ask('POST', `${PODS}?dryRun=All&fieldValidation=Ignore`, { body })
    expect([ignored.code, ignored.headers.warning]).toEqual([201, undefined])
    const unknown = await ask('POST', `${PODS}?fieldValidation=Loose`, { body })
    expect((unknown.body as { message: string }).message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
    )
  })

  const patch = (type: string, body: unknown, query = '') =>
    ask('PATCH', `${CONFIG_MAPS}/one${query}`, {
      body,
      headers: { 'content-type': `application/${type}+json` },
    })

  it('is a field that is there twice under Strict; under Warn the last one counts, with a warning', async () => {
    const body =
      '{"metadata":{"name":"twice","name":"twice","finalizers":["a.b/c","a.b/c"]},"data":{"a":"1","\\u0061":"{,:\\"","b":"1"}}'
    const twice = ['metadata.name', 'data.a'].map((path) => `duplicate field "${path}"`)
    const strict = await ask('POST', `${CONFIG_MAPS}?fieldValidation=Strict`, { body })
    const message = `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${twice.join(', ')}`
    expect(strict.body).toEqual({ ...failure, message, reason: 'BadRequest', code: 400 })
    const warned = await ask('POST', `${CONFIG_MAPS}?dryRun=All`, { body })
    expect(warned.headers.warning).toBe(
      twice.map((text) => `299 - "${text.replaceAll('"', '\\"')}"`).join(', '),
    )
    expect(warned.body).toMatchObject({ data: { a: '{,:"', b: '1' } })
    const list =
      '{"apiVersion":"v1","metadata":{"name":"p"},"spec":{"containers":[{},{"image":"a","image":"b"}]}}'
    const inside = await ask('POST', `${PODS}?fieldValidation=Strict`, { body: list })
    expect((inside.body as { message: string }).message).toContain(
      ' strict decoding error: duplicate field "spec.containers[1].image"',
    )
  })

  it.each([
    ['data', 100],
    ['L'.repeat(100_000), 2],
  ])('is told of a hundred such fields at most, and not at any length: in %.10s', async (name, told) => {
    const twice = Array.from({ length: 60_000 }, (_, i) => `"k${i}":"","k${i}":""`).join()
    const body = `{"metadata":{"name":"twice"},"${name}":{${twice}}}`
    const { warning } = (await ask('POST', `${CONFIG_MAPS}?dryRun=All`, { body })).headers
    const warnings = String(warning).split(', ')
    expect(warnings.length).toBe(told)
    for (const one of warnings) expect(one.length).toBeLessThan(300)
  })

  it.each([
    [
      'POST',
      'dryRun=Some',
      'CreateOptions',
      'dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
    ],
    [
      'POST',
      `fieldManager=${'m'.repeat(129)}`,
      'CreateOptions',
      'fieldManager: Too long: must have at most 128 bytes',
    ],
    [
      'DELETE',
      'propagationPolicy=Some',
      'DeleteOptions',
      'propagationPolicy: Unsupported value: "Some": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      'GET',
      'sendInitialEvents=true',
      'ListOptions',
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
    [
      'GET',
      'resourceVersionMatch=Some&resourceVersion=1',
      'ListOptions',
      'resourceVersionMatch: Unsupported value: "Some": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      'GET',
      'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
      'ListOptions',
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
    ],
    [
      'GET',
      'watch=1&resourceVersionMatch=Some',
      'ListOptions',
      '[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Unsupported value: "Some": supported values: "NotOlderThan"]',
    ],
  ])('is %s with %s', async (method, query, kind, why) => {
    const sent = method === 'POST' ? { body: { metadata: { name: 'o' } } } : {}
    const { code, body } = await ask(method, `${CONFIG_MAPS}?${query}`, sent)
    const message = `${kind}.meta.k8s.io "" is invalid: ${why}`
    expect([code, body]).toMatchObject([422, { reason: 'Invalid', message }])
  })

  it('is a Table with objects of an unknown form', async () => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const message = `Unable to convert to Table as requested: includeObject: Invalid value: "All": must be 'Metadata', 'Object', 'None', or empty`
    for (const watch of ['', '&watch=1'])
      expect((await ask('GET', `${CONFIG_MAPS}?includeObject=All${watch}`, { headers })).body).toMatchObject({
        code: 400,
        message,
      })
  })

  it('is what a JSON patch puts where there is no field: dropped with a warning, refused under Strict', async () => {
    const operations = [
      { op: 'add', path: '/bogus', value: { a: 1 } },
      { op: 'copy', from: '/metadata', path: '/metadata/bogus' },
      { op: 'move', from: '/data', path: '/spec' },
      { op: 'add', path: '/metadata/ownerReferences', value: [] },
      { op: 'add', path: '/metadata/ownerReferences/-', value: { name: 'x', bogus: 1 } },
    ]
    const unknown = ['bogus', 'metadata.bogus', 'spec', 'metadata.ownerReferences[-].bogus'].map(
      (field) => `unknown field "${field}"`,
    )
    const strict = await patch('json-patch', operations, '?fieldValidation=Strict')
    expect(strict.body).toMatchObject({
      code: 422,
      message: expect.stringContaining(`: strict decoding error: ${unknown.join(', ')}`),
    })
    await patch('merge-patch', { data: { k: 'w' } })
    const warned = await patch('json-patch', operations.slice(0, 3))
    expect(warned.headers.warning).toBe(
      unknown
        .slice(0, 3)
        .map((text) => `299 - "${text.replaceAll('"', '\\"')}"`)
        .join(', '),
    )
    expect(warned.body).not.toHaveProperty('bogus')
    expect(warned.body).not.toHaveProperty('data')
    expect((warned.body as { metadata: object }).metadata).not.toHaveProperty('bogus')
    const ignored = await patch('json-patch', operations.slice(0, 1), '?fieldValidation=Ignore')
    expect([ignored.code, ignored.headers.warning]).toEqual([200, undefined])
  })

  it('is a JSON patch at a place that is not there', async () => {
    for (const operation of [
      { op: 'replace', path: '/bogus', value: 1 },
      { op: 'add', path: '/bogus/deeper', value: 1 },
      { op: 'test', path: '/bogus', value: 1 },
    ])
      for (const query of ['', '?fieldValidation=Strict'])
        expect((await patch('json-patch', [operation], query)).body).toMatchObject({
          code: 422,
          message: 'the server rejected our request due to an error in our request',
        })
  })

  it('is a patch with a wrong type, in the words of its notation', async () => {
    const messages = async (type: string, body: unknown) =>
      ((await patch(type, body)).body as { message: string }).message
    const message = (sent: string, why: string) =>
      ` "" is invalid: patch: Invalid value: ${JSON.stringify(sent)}: ${why}`
    const operations = [{ op: 'add', path: '/data', value: 5 }]
    expect(await messages('json-patch', operations)).toBe(
      message(
        JSON.stringify(operations),
        'json: cannot unmarshal number into Go struct field ConfigMap.data of type map[string]string',
      ),
    )
    for (const [body, sent, why] of [
      [{ immutable: 'x' }, 'map[immutable:x]', 'unrecognized type: bool'],
      [{ data: { a: 5 } }, 'map[data:map[a:5]]', 'cannot convert int64 to string'],
      [{ data: 'x' }, 'map[data:x]', 'cannot restore map from string'],
      [{ metadata: [] }, 'map[metadata:[]]', 'cannot restore struct from: slice'],
      [
        { metadata: { finalizers: 'x' } },
        'map[metadata:map[finalizers:x]]',
        'cannot restore slice from string',
      ],
      [{ metadata: { generation: 'x' } }, 'map[metadata:map[generation:x]]', 'unrecognized type: int64'],
    ] as const)
      expect(await messages('strategic-merge-patch', body)).toBe(message(sent, why))
  })

  it.each([
    ['hunter2!', 7],
    ['abc', 0],
    ['YWJjZA', 4],
    ['YWJjZA=', 7],
    ['YWJjZA=a', 6],
    ['YWJjZA==a', 8],
    ['YWJj=', 4],
    ['=', 0],
    ['YWJjé', 4],
  ])('is a Secret with %j for bytes', async (password, at) => {
    const body = { metadata: { name: 's' }, data: { password } }
    expect((await ask('POST', SECRETS, { body })).body).toMatchObject({
      code: 400,
      message: `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${at}`,
    })
  })

  it('are bytes that are no string; those with line breaks are taken without', async () => {
    const wrong = await ask('POST', SECRETS, { body: { metadata: { name: 's' }, data: { a: 5 } } })
    expect((wrong.body as { message: string }).message).toBe(
      'Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number into Go struct field Secret.data of type []uint8',
    )
    const data = { a: 'YWJj\nZGVm\r\nZw==\n', b: '' }
    const made = await ask('POST', SECRETS, { body: { metadata: { name: 's' }, data } })
    expect(made.body).toMatchObject({ data: { a: 'YWJjZGVmZw==', b: '' } })
    const patched = await ask('PATCH', `${SECRETS}/s`, {
      body: [{ op: 'add', path: '/data/b', value: 'YWJj\n' }],
      headers: { 'content-type': 'application/json-patch+json' },
    })
    expect(patched.body).toMatchObject({ data: { b: 'YWJj' } })
    const binaryData = { a: '?' }
    const map = await ask('POST', CONFIG_MAPS, { body: { metadata: { name: 'bytes' }, binaryData } })
    expect((map.body as { message: string }).message).toContain('illegal base64 data at input byte 0')
  })

  it('is a patch in another notation', async () => {
    const patch = (type: string) => ask('PATCH', `${PODS}/a`, { body: {}, headers: { 'content-type': type } })
    const message = '415: Unsupported Media Type'
    const details = {}
    expect((await patch('text/plain')).body).toEqual({
      ...failure,
      message,
      reason: 'UnsupportedMediaType',
      details,
      code: 415,
    })
    const apply = await patch('application/apply-patch+yaml')
    expect([apply.code, (apply.body as { message: string }).message]).toEqual([
      415,
      expect.stringContaining('no server-side apply'),
    ])
  })

  it('is protobuf, with word of what to do instead', async () => {
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' }
    const { code, body } = await ask('POST', CONFIG_MAPS, { body: 'k8s\0', headers })
    expect([code, (body as { message: string }).message]).toEqual([
      415,
      expect.stringContaining('--dry-run=client -o yaml'),
    ])
  })

  it('is everything where the credentials are wrong', async () => {
    const closed = await serveFront({
      access: { ...everybodyIsAdministrator, authenticate: async () => undefined },
    })
    const { code, body } = await send(closed.port, 'GET', PODS, { headers: { authorization: 'Bearer nope' } })
    await closed.close()
    expect([code, body]).toEqual([
      401,
      { ...failure, message: 'Unauthorized', reason: 'Unauthorized', code: 401 },
    ])
  })
})

describe('who asks', () => {
  /** The users on whose behalf the client was called, and what access was asked. */
  async function asking(headers: Record<string, string>, isAllowed = true) {
    const users: (User | undefined)[] = []
    const asked: string[] = []
    const access = {
      ...everybodyIsAdministrator,
      async authorize({ verb, resource, namespace, name }: AccessAttributes) {
        asked.push([verb, resource, namespace, name].filter(Boolean).join(' '))
        return { allowed: isAllowed, reason: '' }
      },
    }
    const list = async (_kind: unknown, options: { user?: User } = {}) => {
      users.push(options.user)
      return { metadata: { resourceVersion: '1' }, items: [] }
    }
    const spied = await serveFront({ access, client: { ...front.client, list: list as never } })
    const answer = await send(spied.port, 'GET', PODS, { headers })
    await spied.close()
    return { answer, users, asked }
  }

  it('is told to the API with every call', async () => {
    const { users, asked } = await asking({})
    expect([users, asked]).toEqual([
      [{ name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }],
      [],
    ])
  })

  it('may be somebody else, for whoever may act for them', async () => {
    const { users, asked } = await asking({ 'impersonate-user': 'jane', 'impersonate-group': 'dev' })
    expect(asked).toEqual(['impersonate users jane', 'impersonate groups dev'])
    expect(users).toEqual([{ name: 'jane', groups: ['dev', 'system:authenticated'] }])
    const account = await asking({ 'impersonate-user': 'system:serviceaccount:team:builder' })
    expect(account.asked).toEqual(['impersonate serviceaccounts team builder'])
    const groups = ['system:serviceaccounts', 'system:serviceaccounts:team', 'system:authenticated']
    expect(account.users).toEqual([{ name: 'system:serviceaccount:team:builder', groups }])
  })

  it('may not, for others; and not without a name', async () => {
    const { answer, users } = await asking({ 'impersonate-user': 'jane' }, false)
    const message =
      'users "jane" is forbidden: User "kubernetes-admin" cannot impersonate resource "users" in API group "" at the cluster scope'
    expect([answer.code, answer.body, users]).toMatchObject([403, { reason: 'Forbidden', message }, []])
    expect((await asking({ 'impersonate-group': 'dev' })).answer.code).toBe(400)
  })
})
