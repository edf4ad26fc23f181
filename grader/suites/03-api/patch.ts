// API-20: patching.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { answerOf, check, forExamples, newApi, together } from './bench.ts'
import { KEY, putA } from './known-config.ts'
import {
  at,
  config,
  dataOf,
  invalid,
  isPod,
  nameMissing,
  namespaceMissing,
  notFound,
  pod,
  refusal,
  unknownResource,
  wrongShape,
} from './objects.ts'

const nothing = { type: 'merge', patch: {} } as const

check('API-20.1', 'applies each kind of patch to the object as it is', (api, look) => {
  api.create('Pod', pod('a'))
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }]
  const metadata = { labels: { x: '1' }, annotations: { x: '1' }, ownerReferences }
  const merge = { type: 'merge', patch: { metadata } } as const
  const patched = isPod('a', 4, { metadata })
  look.answer(api.patch('Pod', at('a'), merge), 'a merge patch', patched)
  const add = { op: 'add', path: '/metadata/labels/y', value: '2' }
  const json = api.patch('Pod', at('a'), { type: 'json', operations: [add] })
  look.answer(json, 'a JSON patch', isPod('a', 5, { metadata: { ...metadata, labels: { x: '1', y: '2' } } }))
  const containers = [{ name: 'c', image: 'nginx:2' }]
  const strategic = api.patch('Pod', at('a'), { type: 'strategic', patch: { spec: { containers } } })
  look.of(
    strategic,
    'the image and the pull policy after a strategic patch',
    ['nginx:2', 'IfNotPresent'],
    (answer) => {
      const { image, imagePullPolicy } =
        ('spec' in answer && 'containers' in answer.spec && answer.spec.containers[0]) || {}
      return [image, imagePullPolicy]
    },
  )
  look.of(api.get('Pod', at('a')), 'the version afterwards', '6', ({ metadata }) => metadata?.resourceVersion)
})

check(
  'API-20.2',
  'refuses a patch that cannot be applied, and one of nothing',
  (api, look) => {
    api.create('ConfigMap', config('a'))
    const test = { op: 'test', path: '/metadata/name', value: 'q' }
    const failed = refusal(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    )
    look.refused(
      api.patch('ConfigMap', at('a'), { type: 'json', operations: [test] }),
      'a JSON patch whose test fails',
      failed,
    )
    look.refused(
      api.patch('ConfigMap', at('b'), { type: 'json', operations: [test] }),
      'such a patch of nothing',
      notFound('b'),
    )
    const kind = 'Widget' as 'ConfigMap'
    look.refused(api.patch(kind, at('a'), nothing), 'a patch of an unknown kind', unknownResource)
    look.refused(api.patch('ConfigMap', at(''), nothing), 'a patch without a name', nameMissing)
    look.refused(
      api.patch('ConfigMap', { name: 'a' }, nothing),
      'a patch without a namespace',
      namespaceMissing,
    )
    look.refused(
      api.merge('a', {}, { subresource: 'status' }),
      'a patch of a subresource that the row does not have',
      unknownResource,
    )
    look.refused(
      api.merge('a', { metadata: { labels: 'x' } }),
      'a patch that makes the labels a text',
      wrongShape,
    )
    const message = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`
    look.refused(
      api.merge('a', { metadata: { labels: { a: 'b c' } } }),
      'a patch that makes a bad label',
      invalid('ConfigMap', 'a', ['FieldValueInvalid', 'metadata.labels', `Invalid value: "b c": ${message}`]),
    )
  },
  { tag: 'api' },
)

check(
  'API-20.3',
  'applies it again where somebody else wrote meanwhile',
  (api, look) => {
    putA(api)
    const data = { k: 'v', mine: 'too', rival: 'was here' }
    api.merge('a', { data: { mine: 'too' } })
    look.parts(
      api.get('ConfigMap', at('a')),
      'the object after a patch, where somebody else wrote sixty times after the API had read',
      { 'metadata.resourceVersion': '64', data },
    )
    api.put('/registry/pods/default/p', isPod('p', 0))
    const mine = { type: 'merge', patch: { status: { message: 'mine' } } } as const
    api.patch('Pod', at('p'), mine, { subresource: 'status' })
    look.parts(
      api.get('Pod', at('p')),
      'the Pod after a patch of its status, where somebody else wrote into the status after the API had read',
      { 'status.message': 'mine', 'status.reason': 'Rival' },
    )
  },
  {
    rivals: [
      { when: 'before a write', key: KEY, does: { data: { rival: 'was here' } }, times: 60 },
      { when: 'before a write', key: '/registry/pods/default/p', does: { status: { reason: 'Rival' } } },
    ],
  },
)

check('API-20.4', 'loses none of several patches that race', async (api, look, subject) => {
  api.create('ConfigMap', config('a'))
  const keys = [1, 2, 3, 4].map((writer) => `of-${writer}`)
  const patches = together(subject, () => keys.map((key) => api.merge('a', { data: { [key]: 'v' } })))
  for (const [i, patch] of patches.entries())
    look.of(
      patch,
      'what one of four patches at once has written, in its answer',
      'v',
      (answer) => (dataOf(answer) as Record<string, string>)[keys[i] ?? ''],
    )
  await look.end()
  look.of(
    api.get('ConfigMap', at('a')),
    'how many data there are after four patches, each of which adds one',
    4,
    (found) => Object.keys(dataOf(found) as object).length,
  )
  look.revision(api, 'after four patches', 7)
})

check('API-20.8', 'does what the rules of merge patches say, whatever is patched', async (_, __, subject) => {
  const key = fc.constantFrom('a', 'b', 'c')
  const value = fc.constantFrom('1', '2', null)
  const data = fc.option(fc.dictionary(key, value, { maxKeys: 3 }), { freq: 5 })
  const patches = fc.array(fc.record({ data, labels: data }), { minLength: 2, maxLength: 6 })
  const merged = (
    target: Record<string, string> | undefined,
    patch: Record<string, string | null> | null,
  ) => {
    if (patch === null) return undefined
    const left = Object.entries({ ...target, ...patch }).filter(([, set]) => set !== null)
    return Object.fromEntries(left) as Record<string, string>
  }
  await forExamples(
    subject,
    patches,
    async (examples) => {
      const api = newApi(subject)
      api.create('ConfigMap', config('x'))
      let expected: { data: Record<string, string> | undefined; labels: Record<string, string> | undefined } =
        { data: undefined, labels: undefined }
      for (const { data, labels } of examples) {
        api.merge('x', { data, metadata: { labels } })
        expected = { data: merged(expected.data, data), labels: merged(expected.labels, labels) }
      }
      const found = await answerOf(api.get('ConfigMap', at('x')), 'the object', expected)
      const seen = { data: dataOf(found), labels: found.metadata?.labels }
      expect<unknown>(seen, 'data and labels after all patches').toEqual(expected)
    },
    2,
  )
})
