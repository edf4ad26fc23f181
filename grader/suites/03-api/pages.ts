// API-13 and API-14: lists in pages, and as of a version.
import type { ListOptions } from '#kit/client-options'
import { encodeContinue } from '#kit/continue-token'
import { describeValue } from '../../src/runner/describe-value.ts'
import { type Api, answerOf, check } from './bench.ts'
import { createAll, type List, namesOf, type Page, placesOf } from './listed.ts'
import { badRequest, config, invalid, isConfig, pod, refusal } from './objects.ts'

/** What stands where a page has a token. */
const MORE = { continue: 'a token' }

/** Names, and the version of the list. */
function versionOf(page: Page) {
  return { names: namesOf(page), resourceVersion: page.metadata.resourceVersion }
}

/** A page as it is looked at: names, and what the list says of itself and whether it has a token. */
function pageOf({ metadata, ...list }: Page) {
  const { continue: token, ...rest } = metadata
  return { names: namesOf({ metadata, ...list }), ...rest, ...(token !== undefined && MORE) }
}

const expired = (message: string) => refusal(410, 'Expired', message)
const tooLarge = (asked: number, current: number) =>
  refusal(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })

// API-13: pages

check('API-13.1', 'hands out a list in pages, all as of one version', async (api, look) => {
  createAll(api, ['a', 'b', 'c', 'd', 'e'])
  const options = { namespace: 'default', limit: 2 }
  const first = api.list('ConfigMap', options)
  const version = { resourceVersion: '7' }
  look.of(first, 'page 1', { names: 'a b', ...version, remainingItemCount: 3, ...MORE }, pageOf)
  const token = async (page: List) => (await answerOf(page, 'a page', {})).metadata.continue ?? ''
  const next = await token(first)
  api.remove('/registry/configmaps/default/c')
  api.create('ConfigMap', config('bb'))
  api.update('ConfigMap', config('d', { data: { k: 'v' } }))
  const second = api.list('ConfigMap', { ...options, continue: next })
  const rest = { names: 'c d', ...version, remainingItemCount: 1, ...MORE }
  look.of(second, 'page 2, after objects were created, changed and deleted', rest, pageOf)
  look.of(
    second,
    'the data of the second object of page 2, which was changed after page 1',
    undefined,
    ({ items: [, d] }) => (d && 'data' in d && d.data) || undefined,
  )
  const third = api.list('ConfigMap', { ...options, continue: await token(second) })
  look.of(third, 'page 3', { names: 'e', ...version }, pageOf)
  for (const resourceVersion of ['', '0'])
    look.of(
      api.list('ConfigMap', { namespace: 'default', continue: next, resourceVersion }),
      `all the rest after page 1, with resourceVersion '${resourceVersion}'`,
      { names: 'c d e', ...version },
      pageOf,
    )
  const selected = { ...options, labelSelector: 'app' }
  const exact = { ...selected, resourceVersion: '7', resourceVersionMatch: 'Exact' } as const
  look.of(
    api.pages('ConfigMap', exact),
    'all pages of a list of what has the label app, at exactly version 7, after the same changes',
    ['a b', 'c d', 'e'].map((names) => ({ names, ...version })),
    (pages) => pages.map(versionOf),
  )
})

/** Objects in the order of a list, those with `app=y` and the others. */
const THERE = {
  y: ['default/a', 'default/a-b', 'default/b', 'team-a/b', 'team/a'],
  n: ['default/a.b', 'default/aa', 'team-a/a', 'team/b'],
}
const ALL = [...THERE.y, ...THERE.n].sort()
const inDefault = ALL.slice(0, 5)

/** What is asked for, what is selected, and how many objects are on a page. */
const LISTS: [options: ListOptions, selected: string[], limits: number[]][] = [
  [{}, ALL, [1, 4, 9, 10, 0, -2]],
  [{ continue: '', labelSelector: '', fieldSelector: '' }, ALL, [4]],
  [{ namespace: 'default', resourceVersion: '0' }, inDefault, [2, 5]],
  [{ labelSelector: 'app=y' }, THERE.y, [1, 2, 5]],
  [{ labelSelector: 'app!=y', namespace: 'default' }, ['default/a.b', 'default/aa'], [1]],
  [{ fieldSelector: 'metadata.name=a' }, ['default/a', 'team-a/a', 'team/a'], [1, 3]],
  [{ fieldSelector: 'metadata.namespace=default' }, inDefault, [2]],
  [
    { labelSelector: 'app=y', fieldSelector: 'metadata.name!=b' },
    ['default/a', 'default/a-b', 'team/a'],
    [2],
  ],
]

check(
  'API-13.2',
  'comes to the whole list, page by page, whatever the limit, the namespace and the selectors',
  (api, look) => {
    for (const [app, places] of Object.entries(THERE))
      for (const place of places) {
        const [namespace = '', name = ''] = place.split('/')
        const metadata = { namespace, labels: { app } }
        api.put(`/registry/configmaps/${place}`, isConfig(name, 0, { metadata }))
      }
    for (const [options, selected, limits] of LISTS)
      for (const limit of limits) {
        const what = `all pages of a list with ${describeValue({ ...options, limit })}`
        const counts = !options.labelSelector && !options.fieldSelector
        const pages = api.pages('ConfigMap', { ...options, limit })
        const expected = pagesOf(selected, limit, counts)
        const names = expected.map((page) => page.names).join(' | ')
        look.of(pages, what, names, (pages) => pages.map((page) => placesOf(page).join(' ')).join(' | '))
        const said = expected.map(({ names: _, ...rest }) => ({ resourceVersion: '13', ...rest }))
        look.of(pages, `${what}, what each says of itself`, said, (pages) =>
          pages.map(pageOf).map(({ names: _, ...rest }) => rest),
        )
      }
  },
  { namespaces: ['team', 'team-a'] },
)

/** How these objects come in pages: of each what {@link pageOf} shows, but for the version. */
function pagesOf(names: string[], limit: number, counts: boolean) {
  const size = limit > 0 ? limit : names.length
  return Array.from({ length: Math.ceil(names.length / size) }, (_, i) => {
    const left = names.length - (i + 1) * size
    return {
      names: names.slice(i * size, (i + 1) * size).join(' '),
      ...(left > 0 && MORE),
      ...(left > 0 && counts && { remainingItemCount: left }),
    }
  })
}

check(
  'API-13.3',
  'refuses a token that cannot be read, or whose version is forgotten or to come',
  async (api, look) => {
    createAll(api, ['a', 'b'])
    const garbage = api.list('ConfigMap', { limit: 1, continue: 'garbage' })
    const why = "invalid character '\\u0081' looking for beginning of value"
    const message = `invalid continue token: continue key is not valid: ${why}`
    look.refused(garbage, "a list with 'garbage' as continue", badRequest(message))
    const { metadata } = await answerOf(api.list('ConfigMap', { limit: 1 }), 'page 1', {})
    api.create('ConfigMap', config('c'))
    api.compact()
    const late =
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.'
    const page = api.list('ConfigMap', { limit: 1, continue: metadata.continue ?? '' })
    look.refused(page, 'page 2, after the store was compacted', expired(late))
    const future = api.list('ConfigMap', { continue: encodeContinue({ revision: 99, start: 'default/b' }) })
    look.refused(future, 'a page at version 99, which is still to come', tooLarge(99, 5))
  },
)

// API-14: versions

check('API-14.1', 'lists as things are now, or exactly as they were, if that is known', (api, look) => {
  createAll(api, ['a', 'b'])
  api.create('Pod', pod('p'))
  const now = { names: 'a b', resourceVersion: '5' }
  const notOlder = { resourceVersionMatch: 'NotOlderThan' } as const
  for (const options of [
    ...['', '0', '3', '5'].map((resourceVersion) => ({ resourceVersion })),
    ...['0', '3'].map((resourceVersion) => ({ resourceVersion, ...notOlder })),
    { resourceVersion: '3', ...notOlder, limit: 5 },
  ])
    look.of(api.list('ConfigMap', options), `a list with ${describeValue(options)}`, now, versionOf)
  const only = { labelSelector: 'app=b' }
  for (const limit of [0, 5])
    look.of(
      api.list('ConfigMap', { ...only, resourceVersion: '3', limit }),
      `a list of what has the label app=b, with version 3 and limit ${limit}`,
      { ...now, names: 'b' },
      versionOf,
    )
  const then = { resourceVersion: '4', resourceVersionMatch: 'Exact' } as const
  const chosen = { names: 'b', resourceVersion: '4' }
  const what = 'a list at exactly version 4 of what has the label app=b'
  look.of(api.list('ConfigMap', { ...then, ...only }), what, chosen, versionOf)
  const begin = api.list('ConfigMap', { resourceVersion: '2', resourceVersionMatch: 'Exact' })
  look.of(begin, 'a list at exactly version 2', { names: '', resourceVersion: '2' }, versionOf)
  const page = api.list('ConfigMap', { ...then, limit: 1 })
  look.of(page, 'a list at exactly version 4, with limit 1', { names: 'a', resourceVersion: '4' }, versionOf)
  const future = { resourceVersion: '99999999' }
  look.refused(
    api.list('Node', future),
    'a list of Nodes, of which there are none, with version 99999999, which is still to come',
    tooLarge(99_999_999, 5),
  )
  for (const resourceVersionMatch of ['Exact', 'NotOlderThan'] as const)
    look.refused(
      api.list('ConfigMap', {
        ...only,
        namespace: 'default',
        limit: 1,
        resourceVersion: '6',
        resourceVersionMatch,
      }),
      `a page of what has the label app=b, with version 6, which is still to come, and ${resourceVersionMatch}`,
      tooLarge(6, 5),
    )
  api.compact()
  const old = api.list('ConfigMap', { resourceVersion: '2', resourceVersionMatch: 'Exact' })
  look.refused(
    old,
    'a list at exactly version 2, after the store was compacted',
    expired('The resourceVersion for the provided list is too old.'),
  )
  const since = api.list('ConfigMap', { resourceVersion: '2' })
  look.of(since, 'a list not older than version 2, after the store was compacted', now, versionOf)
})

check(
  'API-14.2',
  'refuses options that do not go together, and a version that is no number',
  (api, look) => {
    const list = (options: Parameters<Api['list']>[1]) => api.list('ConfigMap', options)
    const match = 'resourceVersionMatch'
    const none = `Forbidden: ${match} is forbidden unless resourceVersion is provided`
    const options = 'ListOptions.meta.k8s.io'
    look.refused(
      list({ resourceVersionMatch: 'Exact' }),
      'a list with a resourceVersionMatch and no resourceVersion',
      invalid(options, '', ['FieldValueForbidden', match, none]),
    )
    const zero = `Forbidden: ${match} "exact" is forbidden for resourceVersion "0"`
    look.refused(
      list({ resourceVersionMatch: 'Exact', resourceVersion: '0' }),
      'a list at exactly version 0',
      invalid(options, '', ['FieldValueForbidden', match, zero]),
    )
    const both = badRequest('specifying resource version is not allowed when using continue')
    look.refused(
      list({ continue: 'x', resourceVersion: '3' }),
      'a list with both resourceVersion and continue',
      both,
    )
    const value = 'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'
    look.refused(
      list({ resourceVersion: 'x' }),
      'a list with resourceVersion x',
      badRequest(`invalid resource version: ${value}`),
    )
  },
  { tag: 'api' },
)
