// API-15 to API-17: watching.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { type Api, answerOf, check, forExamples, newApi } from './bench.ts'
import { at, BEGIN, config, isConfig, isNamespace, type More, pod } from './objects.ts'

const label = (app: string) => ({ metadata: { labels: { app } } })
const datum = (k: string) => ({ data: { k } })
const KEY = '/registry/configmaps/default/'

/** Somebody else makes a ConfigMap have these parts, and no others. */
function update(api: Api, name: string, parts: More): void {
  api.put(KEY + name, isConfig(name, 0, parts))
}

// API-15: from a version

check('API-15.1', 'hands out what happened after a version, in order, and goes on', (api, look, subject) => {
  api.create('ConfigMap', config('a', datum('v')))
  const going = { metadata: { deletionTimestamp: BEGIN, finalizers: ['example.com/hold'] }, ...datum('w') }
  for (const _ of ['once', 'and the same again']) update(api, 'a', going)
  api.create('ConfigMap', config('b'))
  api.remove(`${KEY}a`)
  api.create('ConfigMap', config('a'))
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '3' })
  look.events(watch, 'of a watch from version 3', [
    ['MODIFIED', isConfig('a', 4, going)],
    ['MODIFIED', isConfig('a', 5, going)],
    ['ADDED', isConfig('b', 6)],
    ['DELETED', isConfig('a', 7, going)],
    ['ADDED', isConfig('a', 8)],
  ])
  const next = watch.next()
  look.waits(next, 'the next event, while there is none')
  update(api, 'b', datum('x'))
  const last = isConfig('b', 9, datum('x'))
  look.event(next, 'the event for which it waited', 'MODIFIED', last)
  const again = api.watch.hold('ConfigMap', { resourceVersion: '8' })
  subject.assign(again.next.hold(), ['value', 'object', 'data', 'k'], 'changed as it was watched')
  look.answer(
    api.get('ConfigMap', at('b')),
    'the object, after an event of a watch was changed by the reader',
    last,
  )
})

check(
  'API-15.2',
  'looks at one namespace, where one is named, and at one kind',
  (api, look) => {
    const options = { resourceVersion: '4' }
    const one = api.watch.hold('ConfigMap', { ...options, namespace: 'team' })
    const all = api.watch.hold('ConfigMap', { ...options, namespace: '' })
    const namespaces = api.watch.hold('Namespace', { resourceVersion: '3', namespace: 'ghost' })
    api.create('Pod', pod('p'))
    api.put('/registry/configmapsets/default/x', config('x'))
    for (const namespace of ['team-a', 'team'])
      api.create('ConfigMap', { metadata: { name: 'a', namespace } })
    const inNamespace = (namespace: string, version: number) =>
      isConfig('a', version, { metadata: { namespace } })
    look.event(
      one.next(),
      'the first event of a watch of the namespace team',
      'ADDED',
      inNamespace('team', 8),
    )
    look.events(all, 'of a watch of all namespaces', [
      ['ADDED', inNamespace('team-a', 7)],
      ['ADDED', inNamespace('team', 8)],
    ])
    const team = { uid: 'of-team-a', labels: undefined }
    look.event(
      namespaces.next(),
      'the first event of a watch of Namespaces, which are in no namespace, with a namespace',
      'ADDED',
      isNamespace('team-a', 4, { metadata: team }),
    )
  },
  { namespaces: ['team', 'team-a'] },
)

check('API-15.3', 'answers those that wait in order, and nothing from before its version', (api, look) => {
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '2' })
  const waiting = [watch.next(), watch.next(), watch.next()]
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
  for (const [i, next] of waiting.entries())
    look.event(
      next,
      `next() number ${i + 1} of three that wait at once`,
      'ADDED',
      isConfig(['a', 'b', 'c'][i] ?? '', 3 + i),
    )
  const future = api.watch.hold('ConfigMap', { resourceVersion: '7' })
  const next = future.next()
  for (const name of ['d', 'e']) api.create('ConfigMap', config(name))
  look.waits(next, 'the first event of a watch from version 7, while the store is at 7')
  api.create('ConfigMap', config('f'))
  look.event(next, 'the first event of a watch from version 7', 'ADDED', isConfig('f', 8))
})

// API-16: from what is there

function fromText({ resourceVersion }: { resourceVersion?: string } = {}): string {
  return resourceVersion === undefined
    ? 'without a resourceVersion'
    : `with resourceVersion '${resourceVersion}'`
}

check(
  'API-16.1',
  'begins without a version with what is there, and then misses nothing',
  (api, look) => {
    for (const name of ['b', 'a']) api.create('ConfigMap', config(name))
    update(api, 'b', datum('w'))
    const begins = [{}, { resourceVersion: '' }, { resourceVersion: '0' }]
    const watches = begins.map((options) => api.watch.hold('ConfigMap', options))
    update(api, 'a', datum('x'))
    const c = isConfig('c', 6, { metadata: { uid: 'of-somebody-else' }, ...datum('v') })
    const states = [datum('w'), ...[1, 2, 3].map((rival) => ({ data: { k: 'w', rival: `${rival}` } }))]
    const versions = states.map((state, i) => isConfig('b', i === 0 ? 5 : 6 + i, state))
    for (const [i, watch] of watches.entries()) {
      look.events(watch, `of a watch ${fromText(begins[i])}`, [
        ['ADDED', isConfig('a', 4)],
        ['ADDED', versions[i]],
        ['ADDED', c],
        ...versions.slice(i + 1).map((b): [string, unknown] => ['MODIFIED', b]),
        ['MODIFIED', isConfig('a', 10, datum('x'))],
      ])
      look.waits(watch.next(), `the event after these of a watch ${fromText(begins[i])}`)
    }
  },
  {
    rivals: [
      { when: 'before a list', key: `${KEY}c`, does: datum('v') },
      ...[1, 2, 3].map((rival) => ({
        when: 'after a list' as const,
        key: `${KEY}b`,
        does: { data: { rival: `${rival}` } },
      })),
    ],
  },
)

check('API-16.2', 'begins with what is there of one namespace, and not with the past', (api, look) => {
  const writeOther = (parts: More) =>
    api.put(
      '/registry/configmaps/another/x',
      isConfig('x', 0, { metadata: { namespace: 'another' }, ...parts }),
    )
  writeOther({})
  for (const name of ['a', 'b']) api.create('ConfigMap', config(name))
  api.remove(`${KEY}b`)
  api.create('Pod', pod('p'))
  api.remove('/registry/pods/default/p')
  const one = api.watch.hold('ConfigMap', { namespace: 'default' })
  const pods = api.watch.hold('Pod')
  writeOther(datum('w'))
  api.create('ConfigMap', config('c'))
  look.events(one, 'of a watch of the namespace default', [
    ['ADDED', isConfig('a', 4)],
    ['ADDED', isConfig('c', 10)],
  ])
  look.waits(pods.next(), 'the first event of a watch of Pods, of which there are none any more')
})

// API-17: selectors

check('API-17.1', 'adds what comes to match a selector, and deletes what ceases to', (api, look) => {
  const watch = api.watch.hold('ConfigMap', { labelSelector: 'app=web', resourceVersion: '2' })
  api.create('ConfigMap', config('a', label('db')))
  update(api, 'a', label('web'))
  update(api, 'a', { ...label('web'), ...datum('w') })
  update(api, 'a', { ...label('db'), ...datum('w') })
  update(api, 'a', { ...label('db'), ...datum('x') })
  api.remove(`${KEY}a`)
  api.create('ConfigMap', config('b', label('web')))
  api.remove(`${KEY}b`)
  const web = label('web')
  look.events(watch, 'of a watch of app=web', [
    ['ADDED', isConfig('a', 4, web)],
    ['MODIFIED', isConfig('a', 5, { ...web, ...datum('w') })],
    ['DELETED', isConfig('a', 6, { ...web, ...datum('w') })],
    ['ADDED', isConfig('b', 9, web)],
    ['DELETED', isConfig('b', 10, web)],
  ])
  look.waits(watch.next(), 'the event after these, of which there is none')
})

check('API-17.2', 'begins with what matches, and knows fields as well', (api, look) => {
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name, label(name)))
  const fieldSelector = 'metadata.name=b'
  const both = api.watch.hold('ConfigMap', { fieldSelector, labelSelector: 'app', resourceVersion: '0' })
  const fields = api.watch.hold('ConfigMap', { fieldSelector })
  const labels = api.watch.hold('ConfigMap', { labelSelector: 'app', resourceVersion: '5' })
  update(api, 'a', label('x'))
  update(api, 'b', {})
  for (const name of ['c', 'a', 'b']) api.remove(KEY + name)
  look.events(both, 'of a watch of metadata.name=b and app', [
    ['ADDED', isConfig('b', 4, label('b'))],
    ['DELETED', isConfig('b', 7, label('b'))],
  ])
  look.events(fields, 'of a watch of metadata.name=b', [
    ['ADDED', isConfig('b', 4, label('b'))],
    ['MODIFIED', isConfig('b', 7)],
    ['DELETED', isConfig('b', 10)],
  ])
  look.events(labels, 'of a watch of app, from version 5', [
    ['MODIFIED', isConfig('a', 6, label('x'))],
    ['DELETED', isConfig('b', 7, label('b'))],
    ['DELETED', isConfig('c', 8, label('c'))],
    ['DELETED', isConfig('a', 9, label('x'))],
  ])
  for (const watch of [both, labels]) look.waits(watch.next(), 'the event after these')
})

check('API-17.3', 'shows through selectors what lists show, whatever is written', async (_, __, subject) => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b'),
    app: fc.constantFrom('web', 'db', null),
    k: fc.constantFrom('1', '2'),
  })
  await forExamples(
    subject,
    fc.array(step, { minLength: 4, maxLength: 6 }),
    async (steps) => {
      const api = newApi(subject)
      const selector = { labelSelector: 'app=web' }
      api.create('ConfigMap', config('a', label('web')))
      const watch = api.watch.hold('ConfigMap', selector)
      for (const { name, app, k } of steps) {
        if (app === null) api.remove(KEY + name)
        else update(api, name, { ...label(app), ...datum(k) })
      }
      api.create('ConfigMap', config('last', label('web')))
      const nexts = Array.from({ length: steps.length + 2 }, () => watch.next())
      const list = await answerOf(api.list('ConfigMap', selector), 'the list', {})
      const seen = new Map<string, unknown>()
      for (const next of nexts) {
        const { value } = await answerOf(next, 'an event', {})
        if (!value || value.type === 'BOOKMARK') break
        const { name = '' } = value.object.metadata ?? {}
        const known = seen.has(name)
        const what = `the type of an event of ${name}, which the watch ${known ? 'has shown' : 'does not show'}`
        expect(value.type, what).toSatisfy(
          known ? 'MODIFIED or DELETED' : 'ADDED',
          (type) => (type === 'ADDED') === !known,
        )
        if (value.type === 'DELETED') seen.delete(name)
        else seen.set(name, value.object)
        if (name === 'last') break
      }
      const there = [...seen.values()].map(contentOf)
      const listed = list.items.map(contentOf)
      expect(new Set(there), 'the objects that a reader of the watch knows, beside those of a list').toEqual(
        new Set(listed),
      )
    },
    2,
  )
})

/** An object but for its version and its uid. */
function contentOf(object: unknown): unknown {
  const { metadata, data } = object as ReturnType<typeof config> & { data?: unknown }
  const { name, labels } = metadata as { name: string; labels?: object }
  return { name, labels, data }
}
