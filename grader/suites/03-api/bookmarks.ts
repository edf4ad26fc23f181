// API-19: bookmarks.
import { expect } from '../../src/runner/expect.ts'
import { jane } from './asker.ts'
import { check, together } from './bench.ts'
import { config, isConfig, pod } from './objects.ts'

/** How long access takes to answer, in milliseconds: longer than it is to the first bookmark. */
const SLOW = 90_000

const label = (app: string) => ({ metadata: { labels: { app } } })
const bookmark = (version: number) => ['BOOKMARK', { metadata: { resourceVersion: `${version}` } }] as const

check(
  'API-19.1',
  'sends a bookmark every minute, of the version to which it has come',
  async (api, look, { clock }) => {
    await clock.advance(700)
    api.create('ConfigMap', config('a', label('db')))
    const options = { namespace: 'default', labelSelector: 'app=web' }
    const watch = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, ...options })
    const next = watch.next()
    await clock.advance(59_999)
    look.waits(next, 'the first event, 59,999 ms after the call of watch')
    await clock.advance(1)
    look.event(next, 'the first event, 60,000 ms after the call of watch', ...bookmark(3))
    const second = watch.next()
    api.remove('/registry/configmaps/default/a')
    api.create('Pod', pod('p'))
    api.put('/registry/configmaps/another/x', isConfig('x', 0, { metadata: { namespace: 'another' } }))
    await clock.advance(60_000)
    look.event(
      second,
      'the bookmark a minute later, after a deletion of what is not selected',
      ...bookmark(4),
    )
    await clock.advance(30_000)
    api.create('ConfigMap', config('b', label('web')))
    look.event(
      watch.next(),
      'the event half a minute after that, which is selected',
      'ADDED',
      isConfig('b', 7, { metadata: { ...label('web').metadata, creationTimestamp: '2026-01-01T00:02:30Z' } }),
    )
    await clock.advance(30_000)
    look.event(watch.next(), 'the bookmark a minute after the last one', ...bookmark(7))
  },
)

check('API-19.2', 'begins with the version from which it goes on', async (api, look, { clock }) => {
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
  const last = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, resourceVersion: '5' })
  const pods = api.watch.hold('Pod', { allowWatchBookmarks: true, resourceVersion: '4' })
  const nexts = [last.next(), pods.next()]
  await clock.advance(60_000)
  for (const [i, next] of nexts.entries())
    look.event(
      next,
      `the first event of a watch ${i === 0 ? 'from version 5' : 'of Pods, of which there are none, from version 4'}`,
      ...bookmark(5 - i),
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
    const last = watch.next()
    look.waits(last, 'the one after that: the other bookmarks were not made')
    await clock.advance(60_000)
    look.event(last, 'that one, a minute later', ...bookmark(3))
  },
)

check(
  'API-19.4',
  'leaves no timer when it has ended, and sets none without the option',
  async (api, look, subject) => {
    const { clock } = subject
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
    const early = together(subject, () =>
      api.watch.hold('ConfigMap', { allowWatchBookmarks: true, user: jane }).return(),
    )
    look.over(
      early,
      'return() right after the call of watch, by jane, about whom access has not answered yet',
    )
    await timers('after that, by access alone', 1)
  },
  { slowMs: SLOW },
)

check(
  'API-19.5',
  'counts from the call, however long access takes',
  async (api, look, { clock }) => {
    const watch = api.watch.hold('ConfigMap', { allowWatchBookmarks: true, user: jane })
    await clock.advance(120_000)
    const what = 'the first event, 120 s after the call of watch, where access answered after 90 s'
    look.event(watch.next(), what, ...bookmark(2))
  },
  { slowMs: SLOW },
)
