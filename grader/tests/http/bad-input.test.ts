// Nothing that a client can send makes the front fall over, hang, or answer that it is its own fault.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everybodyIsAdministrator } from '#kit/access'
import { NotYet } from '#kit/not-yet'
import { CONFIG_MAPS, PODS, pod, type Sent, type ServedFront, send, serveFront } from './served-front.ts'

let front: ServedFront
beforeAll(async () => {
  front = await serveFront()
  await send(front.port, 'POST', PODS, { body: pod('there') })
})
afterAll(() => front.close())

const ask = (method: string, path: string, sent?: Sent) => send(front.port, method, path, sent)
const isWell = async () => expect((await ask('GET', '/healthz')).text).toBe('ok')

/** Sends bytes as they are, and reads what comes until the connection ends or has been quiet. */
async function sendBytes(text: string): Promise<string> {
  const socket: Socket = connect(front.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.end(text, 'latin1')
  await once(socket, 'close')
  return answer
}

/** Something to wait for. */
function gate() {
  let open: () => void = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  return { isOpen, open }
}

describe('a path', () => {
  it.each([
    ['/api/v1/../../etc/passwd', 404],
    ['/api/v1/namespaces/default/pods/..', 400],
    ['/api/v1/namespaces/default/pods/%2e%2e', 400],
    ['/api/v1/namespaces/default/pods/%25', 400],
    ['/api/v1/namespaces/default/pods/a%2Fb', 404],
    ['/api/v1/namespaces/default/pods/there%2Fstatus', 200],
    ['/api/v1/namespaces//pods', 404],
    ['//api/v1/pods', 404],
    ['/api/v1/namespaces/default/pods/%zz', 400],
    ['/api/v1/namespaces/default/pods/%ff', 400],
    ['/api/v1/namespaces/default/pods/there/status/more', 404],
    ['/api/v1/namespaces/default/pods/__proto__', 404],
    ['/apis/__proto__/v1/pods', 404],
    ['/apis/constructor', 404],
    ['/openapi/v3/__proto__', 404],
    [`/api/v1/namespaces/default/pods/${'a'.repeat(10_000)}`, 404],
    ['*', 404],
    ['/', 200],
  ])('%s is answered with %i', async (path, code) => {
    expect((await ask('GET', path)).code).toBe(code)
  })
})

describe('a query', () => {
  it.each([
    ['limit=many', 400],
    ['limit=-1', 200],
    ['limit=1e3', 400],
    ['resourceVersion=abc', 400],
    ['resourceVersionMatch=Exact', 422],
    ['resourceVersionMatch=Some&resourceVersion=1', 422],
    ['continue=garbage', 400],
    ['watch=1&timeoutSeconds=soon', 400],
    ['timeoutSeconds=soon', 400],
    ['fieldSelector=spec.foo%3Dx', 400],
    ['labelSelector=%00', 400],
    ['includeObject=All', 200],
  ])('%s is answered with %i', async (query, code) => {
    expect((await ask('GET', `${PODS}?${query}`)).code).toBe(code)
  })

  it.each([
    ['gracePeriodSeconds=soon', 400],
    ['propagationPolicy=Sometimes', 422],
    ['dryRun=Some', 422],
    ['orphanDependents=true&propagationPolicy=Orphan', 422],
  ])('%s of a deletion is answered with %i', async (query, code) => {
    expect((await ask('DELETE', `${PODS}/there?${query}`)).code).toBe(code)
  })
})

describe('a body', () => {
  it.each([
    ['', 400],
    ['[]', 400],
    ['null', 400],
    ['{"kind":5}', 400],
    ['{"metadata":5}', 400],
    ['{"metadata":{"labels":{"a":5}}}', 400],
    ['{"metadata":{"name":"x","labels":{"__proto__":"y"}}}', 422],
    ['{"metadata":{"name":"x","creationTimestamp":"yesterday"}}', 400],
    ['{"metadata":{"name":"x","generation":1e99}}', 400],
    ['{"data":{"a":1}}', 400],
    [`{"metadata":{"managedFields":[{"fieldsV1":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}]}}`, 400],
    ['['.repeat(100_000), 400],
  ])('%.60s is answered with %i', async (body, code) => {
    expect((await ask('POST', CONFIG_MAPS, { body })).code).toBe(code)
    await isWell()
  })

  it.each([
    ['a: &a [1]\nb: [*a'],
    [
      'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
    ],
    ['['.repeat(20_000)],
    ['--- 1\n--- 2'],
    ['!!js/function "x"'],
  ])('of YAML that is none, or grows: %.30s', async (body) => {
    const headers = { 'content-type': 'application/yaml' }
    expect((await ask('POST', CONFIG_MAPS, { body, headers })).code).toBe(400)
  })

  it('keeps a key that is called __proto__, as any other', async () => {
    const body = '{"metadata":{"name":"proto"},"data":{"constructor":"y"}}'
    expect((await ask('POST', CONFIG_MAPS, { body })).text).toContain('"data":{"constructor":"y"}')
  })

  it('of more than 3 MiB is refused, whether it says how long it is or not', async () => {
    const body = JSON.stringify({ metadata: { name: 'large' }, data: { a: 'x'.repeat(3 * 2 ** 20) } })
    const { code, body: status } = await ask('POST', CONFIG_MAPS, { body })
    const message = 'Request entity too large: limit is 3145728'
    expect([code, status]).toMatchObject([413, { reason: 'RequestEntityTooLarge', message }])
    const start = `POST ${CONFIG_MAPS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`
    const chunks = `${(2 ** 20).toString(16)}\r\n${'x'.repeat(2 ** 20)}\r\n`.repeat(4)
    expect(await sendBytes(`${start}${chunks}0\r\n\r\n`)).toContain('413 Payload Too Large')
    await isWell()
  })

  it('of more than 128 KiB of YAML is refused, and of one with many mistakes the first is told', async () => {
    const headers = { 'content-type': 'application/yaml' }
    const { code, body } = await ask('POST', CONFIG_MAPS, { body: 'a'.repeat(2 ** 17 + 1), headers })
    const message = 'Request entity too large: limit is 131072 for YAML'
    expect([code, body]).toMatchObject([413, { message }])
    const mistakes = await ask('POST', CONFIG_MAPS, { body: `a: 1\n${'}'.repeat(10_000)}`, headers })
    expect((mistakes.body as { message: string }).message).toContain('YAML to JSON: yaml: line 2: ')
  })

  it('that ends too soon does no harm', async () => {
    await sendBytes(
      `POST ${CONFIG_MAPS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"metadata":`,
    )
    await isWell()
  })
})

describe('a request', () => {
  it('with headers that are too long is answered with 431', async () => {
    const headers = { 'x-long': 'x'.repeat(100_000) }
    expect((await ask('GET', PODS, { headers })).code).toBe(431)
    await isWell()
  })

  it.each([
    'no HTTP at all\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\0\x01\x02',
    'GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ])('of %j does no harm', async (text) => {
    await sendBytes(text)
    await isWell()
  })

  it('is served while a thousand others are connected and say nothing', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const socket = connect(front.port, '127.0.0.1')
        await once(socket, 'connect')
        return socket
      }),
    )
    await isWell()
    for (const socket of sockets) socket.destroy()
  })

  it('from a web page is refused: its own origin, or a name that leads here, gives it away', async () => {
    const origin = { origin: 'https://example.com' }
    const named = { host: 'rebound.example.com:8001' }
    for (const headers of [origin, { origin: 'null' }, named]) {
      const { code, text } = await ask('POST', CONFIG_MAPS, { headers, body: { metadata: { name: 'page' } } })
      expect([code, text]).toEqual([403, 'not for web pages\n'])
    }
    for (const host of ['localhost:8001', '127.0.0.1', '[::1]:8001']) {
      expect((await ask('GET', '/healthz', { headers: { host } })).code).toBe(200)
    }
    expect((await ask('GET', `${CONFIG_MAPS}/page`)).code).toBe(404)
  })

  it('that the API never answers is a 504', async () => {
    const client = { ...front.client, get: () => new Promise<never>(() => {}) }
    const silent = await serveFront({ client, answerWithinMs: 50 })
    const { code, body } = await send(silent.port, 'GET', `${PODS}/a`)
    expect([code, body]).toMatchObject([504, { kind: 'Status', reason: 'Timeout' }])
    await silent.close()
  })

  it.each(['before it begins', 'while it is made'])(
    'for a list is not worked off for a client that goes %s',
    async (when) => {
      const [asked, gone, done] = [gate(), gate(), gate()]
      const told: string[] = []
      const wait = async () => {
        asked.open()
        await gone.isOpen
        setImmediate(done.open)
      }
      const isBefore = when === 'before it begins'
      const metadata = { toJSON: () => void told.push('encoded') }
      const held = await serveFront({
        access: {
          ...everybodyIsAdministrator,
          async authenticate(credentials) {
            if (isBefore) await wait()
            return everybodyIsAdministrator.authenticate(credentials)
          },
        },
        client: {
          ...front.client,
          async list() {
            told.push('listed')
            if (!isBefore) await wait()
            return { metadata: {}, items: [{ metadata }] } as never
          },
        },
      })
      const socket = connect(held.port, '127.0.0.1')
      socket.write(`GET ${PODS} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      await asked.isOpen
      socket.destroy()
      while ((await held.connections()) > 0) await new Promise(setImmediate)
      // That it is closed is told at the end of the turn in which it is counted.
      for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate)
      gone.open()
      await done.isOpen
      expect(told).toEqual(isBefore ? [] : ['listed'])
      await held.close()
    },
  )

  it('that the API answers with something else than a Status is a 500 with its message, and is told', async () => {
    const faulty = await serveFront({
      client: {
        ...front.client,
        get: () => Promise.reject(new TypeError('x is not a function')),
        list: () => Promise.reject(new NotYet('03-api')),
      },
    })
    const broken = await send(faulty.port, 'GET', `${PODS}/a`)
    const message = 'Internal error occurred: x is not a function'
    expect([broken.code, broken.body]).toMatchObject([500, { reason: 'InternalError', message }])
    const unwritten = await send(faulty.port, 'GET', PODS)
    expect([unwritten.code, unwritten.body]).toMatchObject([
      501,
      { message: 'not written yet: lesson 03-api' },
    ])
    expect(faulty.faults.map((fault) => (fault as Error).message)).toEqual([
      'x is not a function',
      'not written yet: lesson 03-api',
    ])
    await faulty.close()
  })
})

describe('whatever a client sends', () => {
  const path = fc.oneof(
    fc.constantFrom(
      PODS,
      `${PODS}/there`,
      `${PODS}/there/status`,
      CONFIG_MAPS,
      '/api/v1/nodes',
      '/api/v1/namespaces',
    ),
    fc.constantFrom(
      '/apis/apps/v1/namespaces/default/replicasets',
      `${PODS}/there/binding`,
      '/api/v1/namespaces/x/finalize',
    ),
    fc
      .array(
        fc.constantFrom(
          'api',
          'apis',
          'v1',
          'apps',
          'namespaces',
          'default',
          'pods',
          '..',
          '%2F',
          '',
          'status',
        ),
        {
          maxLength: 8,
        },
      )
      .map((parts) => `/${parts.join('/')}`),
  )
  const query = fc.dictionary(
    fc.constantFrom(
      'limit',
      'continue',
      'resourceVersion',
      'labelSelector',
      'fieldSelector',
      'dryRun',
      'fieldValidation',
      'gracePeriodSeconds',
    ),
    fc.oneof(
      fc.string({ maxLength: 10 }),
      fc.constantFrom('0', '1', 'All', 'Strict', 'a=b', 'metadata.name=x'),
    ),
    { maxKeys: 3 },
  )
  /** Objects with the names of real fields, and any JSON in them. */
  const spec = fc.dictionary(
    fc.constantFrom(
      'containers',
      'nodeName',
      'selector',
      'template',
      'replicas',
      'taints',
      'volumes',
      'tolerations',
      'finalizers',
      'target',
      'x',
    ),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 4 },
  )
  const container = fc.record(
    {
      name: fc.constantFrom('c', 'd', ''),
      image: fc.constantFrom('nginx', ''),
      ports: fc.jsonValue({ maxDepth: 2 }),
      env: fc.jsonValue({ maxDepth: 2 }),
      resources: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: [] },
  )
  const metadata = fc.record(
    {
      name: fc.oneof(fc.constantFrom('there', 'x', 'default'), fc.string({ maxLength: 8 })),
      namespace: fc.constantFrom('default', 'other', ''),
      generateName: fc.constantFrom('g-', ''),
      labels: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 2 }),
      resourceVersion: fc.constantFrom('1', '', 'x'),
      finalizers: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
      ownerReferences: fc.jsonValue({ maxDepth: 2 }),
      deletionTimestamp: fc.constantFrom(null, '2026-01-01T00:00:00Z', 'x'),
    },
    { requiredKeys: [] },
  )
  const object = fc.record(
    {
      kind: fc.constantFrom('Pod', 'ConfigMap', 'DeleteOptions'),
      metadata: fc.oneof(metadata, fc.jsonValue({ maxDepth: 1 })),
      spec: fc.oneof(
        spec,
        fc.record({ containers: fc.array(container, { maxLength: 2 }) }),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      status: fc.jsonValue({ maxDepth: 2 }),
      data: fc.jsonValue({ maxDepth: 2 }),
      target: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  )
  const operations = fc.array(
    fc.record(
      {
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
        path: fc.constantFrom(
          '',
          '/spec',
          '/spec/containers/0',
          '/spec/containers/-',
          '/metadata',
          '/metadata/labels/a',
          '/status',
          '/data',
          '/x',
        ),
        from: fc.constantFrom('/spec', '/metadata'),
        value: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: ['op', 'path'] },
    ),
    { maxLength: 3 },
  )
  const body = fc.oneof(
    object.map((value) => JSON.stringify(value)),
    operations.map((value) => JSON.stringify(value)),
    fc.json({ maxDepth: 4 }),
    fc.string({ maxLength: 40 }),
  )
  const type = fc.constantFrom(
    'application/json',
    'application/yaml',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/json-patch+json',
    'text/plain',
    '',
  )
  const accept = fc.constantFrom(
    'application/json',
    '*/*',
    'application/json;as=Table;v=v1;g=meta.k8s.io',
    'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    ';;,=,q=x',
  )
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')

  it('is answered, and never with a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        query,
        body,
        type,
        accept,
        async (method, path, query, body, type, accept) => {
          const search = new URLSearchParams(query).toString()
          const sent = method === 'GET' ? {} : { body }
          const headers = { accept, ...(method !== 'GET' && { 'content-type': type }) }
          const answer = await ask(method, `${path}?${search}`, { ...sent, headers })
          // Kubernetes' own answer to a `resourceVersion` in a new object is 500.
          const isKnown = answer.text.includes('resourceVersion should not be set on objects to be created')
          expect(isKnown ? 400 : answer.code, answer.text).toBeLessThan(500)
          expect(front.faults).toEqual([])
        },
      ),
      { numRuns: 1_000, seed: 1 },
    )
    await isWell()
  })
})
