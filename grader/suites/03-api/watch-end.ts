// API-18: the end of a watch.
import { jane } from './asker.ts'
import { check } from './bench.ts'
import { badRequest, config, isConfig, refusal, unknownResource } from './objects.ts'

/** How long access takes to answer, in milliseconds. */
const SLOW = 1000

const expired = (message: string) => refusal(410, 'Expired', message)

check('API-18.1', 'breaks off where the store has forgotten what comes next', async (api, look) => {
  for (const name of ['a', 'b', 'c']) api.create('ConfigMap', config(name))
  const begun = api.watch.hold('ConfigMap', { resourceVersion: '5' })
  const later = api.watch.hold('ConfigMap', { resourceVersion: '3' })
  api.compact()
  const watch = api.watch.hold('ConfigMap', { resourceVersion: '1' })
  look.refused(watch.next(), 'next() of a watch from version 1', expired('too old resource version: 1 (5)'))
  look.over(watch.next(), 'next() after that rejection')
  look.over(watch.next(), 'another next() after that')
  for (const name of ['d', 'e']) api.create('ConfigMap', config(name))
  look.events(begun, 'of a watch from version 5, which nobody has read yet', [['ADDED', isConfig('d', 6)]])
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
  const fresh = { namespace: 'default', labelSelector: '!app', allowWatchBookmarks: true }
  const watches = [{ resourceVersion: '2' }, fresh].map((options) => api.watch.hold('ConfigMap', options))
  for (const name of ['a', 'b', 'c', 'd']) api.create('ConfigMap', config(name))
  for (const watch of watches) look.event(watch.next(), 'the first event', 'ADDED', isConfig('a', 3))
  api.compact()
  for (const [i, watch] of watches.entries()) {
    const [next, after] = [watch.next(), watch.next()]
    const what = `of a watch ${i === 0 ? 'from version 2' : 'without a version'}`
    look.begin(async () => {
      // A store may still hand out what a watch that is open owes (ST-10): the reference's does not.
      if (stack === 'own' && (await next.settled()).status === 'resolved') {
        look.event(next, `the next event ${what}`, 'ADDED', isConfig('b', 4))
        return
      }
      look.refused(
        next,
        `next() ${what}, after the store has compacted what comes next`,
        expired('too old resource version: 3 (6)'),
      )
      look.over(after, `next() ${what}, after that rejection`)
    })
  }
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
  look.over(unknown.next(), 'next() after that rejection')
})

check(
  'API-18.4',
  'ends with return(), also for those that wait, and ends the watch of the store',
  async (api, look, { clock }) => {
    api.create('ConfigMap', config('a'))
    const watch = api.watch.hold('ConfigMap', { resourceVersion: '2' })
    const early = api.watch.hold('ConfigMap', { user: jane })
    look.over(early.return(), 'return() of a watch by jane, about whom access has not answered yet')
    await clock.advance(SLOW)
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
  { slowMs: SLOW },
)
