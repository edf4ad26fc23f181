// API-15 to API-19: watching.
import fc from 'fast-check'
import { expect } from '../../src/runner/expect.ts'
import { type Api, answerOf, check, forExamples, newApi, withoutUids } from './bench.ts'
import { at, badRequest, config, isConfig, type More, pod, refusal, unknownResource } from './objects.ts'

const label = (app: string) => ({ metadata: { labels: { app } } })
const datum = (k: string) => ({ data: { k } })
const KEY = '/registry/configmaps/default/'

/** Updates a ConfigMap to have these parts, and no others. */
function update(api: Api, name: string, parts: More): void {
  api.update('ConfigMap', config(name, parts))
}

// API-15: from a version

check('API-15.1', 'hands out what happened after a version, in order, and goes on', (api, look, subject) => {
  api.create('ConfigMap', config('a', datum('v')))
  update(api, 'a', datum('w'))
  api.create('ConfigMap', config('b'))
  api.remove(`${KEY}a`)
  api.create('ConfigMap', config('a'))
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '3' })
  look.events(watch, 'of a watch from version 3', [
    ['MODIFIED', isConfig('a', 4, datum('w'))],
    ['ADDED', isConfig('b', 5)],
    ['DELETED', isConfig('a', 6, datum('w'))],
    ['ADDED', isConfig('a', 7)],
  ])
  const next = watch.next()
  look.waits(next, 'the next event, while there is none')
  update(api, 'b', datum('x'))
  const last = isConfig('b', 8, datum('x'))
  look.event(next, 'the event for which it waited', 'MODIFIED', last)
  const again = api.watch.hold('ConfigMap', { resourceVersion: '7' })
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
    api.create('Pod', pod('p'))
    for (const namespace of ['team-a', 'team'])
      api.create('ConfigMap', { metadata: { name: 'a', namespace } })
    const inNamespace = (namespace: string, version: number) =>
      isConfig('a', version, { metadata: { namespace } })
    look.event(
      one.next(),
      'the first event of a watch of the namespace team',
      'ADDED',
      inNamespace('team', 7),
    )
    look.events(all, 'of a watch of all namespaces', [
      ['ADDED', inNamespace('team-a', 6)],
      ['ADDED', inNamespace('team', 7)],
    ])
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
    const states = [datum('w'), ...[1, 2, 3].map((rival) => ({ data: { k: 'w', rival: `${rival}` } }))]
    const versions = states.map((state, i) => isConfig('b', 5 + i, state))
    for (const [i, watch] of watches.entries()) {
      look.events(watch, `of a watch ${fromText(begins[i])}`, [
        ['ADDED', isConfig('a', 4)],
        ['ADDED', versions[i]],
        ...versions.slice(i + 1).map((b): [string, unknown] => ['MODIFIED', b]),
        ['MODIFIED', isConfig('a', 9, datum('x'))],
      ])
      look.waits(watch.next(), `the event after these of a watch ${fromText(begins[i])}`)
    }
  },
  {
    rivals: [1, 2, 3].map((rival) => ({
      when: 'after a list',
      key: `${KEY}b`,
      does: { data: { rival: `${rival}` } },
    })),
  },
)

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
  for (const name of ['a', 'b']) api.create('ConfigMap', config(name, label(name)))
  const watch = api.watch.hold('ConfigMap', { fieldSelector: 'metadata.name=b', labelSelector: 'app' })
  update(api, 'a', label('x'))
  update(api, 'b', {})
  look.events(watch, 'of a watch of metadata.name=b and app', [
    ['ADDED', isConfig('b', 4, label('b'))],
    ['DELETED', isConfig('b', 6, label('b'))],
  ])
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
        else {
          const draft = config(name, { ...label(app), ...datum(k) })
          api.create('ConfigMap', draft).settled()
          api.update('ConfigMap', draft).settled()
        }
      }
      api.create('ConfigMap', config('last', label('web')))
      const nexts = Array.from({ length: 2 * steps.length + 2 }, () => watch.next())
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
      const there = [...seen.values()].map(withoutUids)
      const listed = list.items.map(withoutUids)
      expect(new Set(there), 'the objects that a reader of the watch knows, beside those of a list').toEqual(
        new Set(listed),
      )
    },
    2,
  )
})

// API-18: the end of a watch

const expired = (message: string) => refusal(410, 'Expired', message)

check('API-18.1', 'breaks off where the store has forgotten what comes next', async (api, look) => {
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
  const begun = api.watch.hold('ConfigMap')
  const later = api.watch.hold('ConfigMap', { resourceVersion: '3' })
  api.compact()
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '1' })
  look.refused(watch.next(), 'next() of a watch from version 1', expired('too old resource version: 1 (5)'))
  look.over(watch.next(), 'next() after that rejection')
  look.over(watch.next(), 'another next() after that')
  for (const name of ['d', 'e']) api.create('ConfigMap', config(name))
  look.events(begun, 'of a watch of what was there, which nobody has read yet', [
    ['ADDED', isConfig('a', 3)],
    ['ADDED', isConfig('b', 4)],
    ['ADDED', isConfig('c', 5)],
    ['ADDED', isConfig('d', 6)],
  ])
  look.begin(async () => void (await later.return()))
  begun.return()
  look.of(
    api.store(),
    'how many watches of the store are open, when each watch has ended or broken off',
    0,
    ({ watches }) => watches,
  )
})

check('API-18.2', 'breaks off at the version to which it has come', (api, look, { stack }) => {
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '2' })
  for (const name of ['a', 'b', 'c', 'd']) api.create('ConfigMap', config(name))
  look.event(watch.next(), 'the first event', 'ADDED', isConfig('a', 3))
  api.compact()
  const [next, after] = [watch.next(), watch.next()]
  look.begin(async () => {
    // A store may still hand out what a watch that is open owes (ST-10): the reference's does not.
    if (stack === 'own' && (await next.settled()).status === 'resolved') {
      look.event(next, 'the next event', 'ADDED', isConfig('b', 4))
      return
    }
    look.refused(
      next,
      'next(), after the store has compacted what comes next',
      expired('too old resource version: 3 (6)'),
    )
    look.over(after, 'next() after that rejection')
  })
})

check('API-18.3', 'rejects the first next() where a selector or the version cannot be read', (api, look) => {
  const wrong = {
    labelSelector: "unable to parse requirement: found '', expected: ',', ')' or identifier",
    fieldSelector: 'field label not supported: a in (',
    resourceVersion:
      'invalid resource version: resourceVersion: Invalid value: "a in (": strconv.ParseUint: parsing "a in (": invalid syntax',
  }
  for (const [option, message] of Object.entries(wrong)) {
    const watch = api.watch.hold('Pod', { [option]: 'a in (' })
    const status =
      option === 'fieldSelector' ? "invalid selector: 'a in ('; can't understand 'a in ('" : message
    look.refused(watch.next(), `the first next() of a watch with ${option} 'a in ('`, badRequest(status))
    look.over(watch.next(), `next() after that rejection, with ${option} 'a in ('`)
  }
  const unknown = api.watch.hold('Widget' as 'Pod')
  look.refused(
    unknown.next(),
    'the first next() of a watch of a kind that the table does not have',
    unknownResource,
  )
})

check(
  'API-18.4',
  'ends with return(), also for those that wait, and ends the watch of the store',
  (api, look) => {
    api.create('ConfigMap', config('a'))
    const watch = api.watch.hold('ConfigMap')
    const fresh = api.watch.hold('ConfigMap', { allowWatchBookmarks: true })
    look.event(watch.next(), 'the first event', 'ADDED', isConfig('a', 3))
    const waiting = [watch.next(), watch.next()]
    for (const [i, next] of waiting.entries())
      look.waits(next, `next() number ${i + 1} of two, while there is nothing`)
    look.over(watch.return(), 'return()')
    for (const [i, next] of waiting.entries())
      look.over(next, `next() number ${i + 1} that waited at return()`)
    look.over(fresh.return(), 'return() of a watch of which nothing was read')
    look.over(fresh.next(), 'next() after that return()')
    api.create('ConfigMap', config('b'))
    look.over(watch.next(), 'next() after return(), when something else has happened')
    look.of(api.store(), 'how many watches of the store are open after return()', 0, ({ watches }) => watches)
  },
)

// API-19: bookmarks

const bookmark = (version: number) => ['BOOKMARK', { metadata: { resourceVersion: `${version}` } }] as const

check(
  'API-19.1',
  'sends a bookmark every minute, of the version to which it has come',
  async (api, look, { clock }) => {
    await clock.advance(700)
    const watch = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, labelSelector: 'app=web' })
    const next = watch.next()
    await clock.advance(59_999)
    look.waits(next, 'the first event, 59,999 ms after the call of watch')
    await clock.advance(1)
    look.event(next, 'the first event, 60,000 ms after the call of watch', ...bookmark(2))
    const second = watch.next()
    api.create('ConfigMap', config('a', label('db')))
    api.create('Pod', pod('p'))
    await clock.advance(60_000)
    look.event(second, 'the bookmark a minute later, after an event that was not selected', ...bookmark(3))
    api.create('ConfigMap', config('b', label('web')))
    look.event(
      watch.next(),
      'the event after that, which is selected',
      'ADDED',
      isConfig('b', 5, { metadata: { ...label('web').metadata, creationTimestamp: '2026-01-01T00:02:00Z' } }),
    )
    await clock.advance(60_000)
    look.event(watch.next(), 'the bookmark another minute later', ...bookmark(5))
  },
)

check('API-19.2', 'begins with the version from which it goes on', async (api, look, { clock }) => {
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
  const last = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, resourceVersion: '5' })
  const pods = api.watch.hold('Pod', { allowWatchBookmarks: true })
  const nexts = [last.next(), pods.next()]
  await clock.advance(60_000)
  for (const [i, next] of nexts.entries())
    look.event(
      next,
      `the first event of a watch ${i === 0 ? 'from version 5' : 'of Pods, of which there are none'}`,
      ...bookmark(5),
    )
})

check(
  'API-19.3',
  'makes none while another event or bookmark waits to be read',
  async (api, look, { clock }) => {
    api.create('ConfigMap', config('a'))
    const watch = api.watch.hold('ConfigMap', { allowWatchBookmarks: true })
    await clock.advance(180_000)
    look.event(
      watch.next(),
      'the first event, read three minutes after the call of watch',
      'ADDED',
      isConfig('a', 3),
    )
    const next = watch.next()
    look.waits(next, 'the next event, within the same minute')
    await clock.advance(60_000)
    look.event(next, 'the next event, a minute later', ...bookmark(3))
    await clock.advance(180_000)
    look.event(watch.next(), 'the event after three minutes in which nobody read', ...bookmark(3))
    look.waits(watch.next(), 'the one after that: the other bookmarks were not made')
  },
)

check(
  'API-19.4',
  'leaves no timer when it has ended, and sets none without the option',
  async (api, look, { clock }) => {
    const timers = async (when: string, expected: number) =>
      expect((await clock.pending()).length, `how many timers are set ${when}`).toEqual(expected)
    const plain = api.watch.hold('ConfigMap', { allowWatchBookmarks: false })
    api.watch.hold('ConfigMap').next.patient()
    await timers('by two watches without allowWatchBookmarks', 0)
    const watch = api.watch.hold('ConfigMap', { allowWatchBookmarks: true })
    const broken = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, resourceVersion: 'x' })
    await clock.advance(90_000)
    broken.next().settled()
    await timers('by a watch with allowWatchBookmarks and one that was rejected, after 90 s', 1)
    look.over(watch.return(), 'return() of a watch with allowWatchBookmarks')
    look.over(plain.return(), 'return() of a watch without the option')
    await timers('after return() of the last watch', 0)
  },
)
