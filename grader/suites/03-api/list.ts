// API-11 to API-14: listing.
import fc from 'fast-check'
import { encodeContinue } from '#kit/continue-token'
import { expect } from '../../src/runner/expect.ts'
import { type Api, answerOf, check, forExamples, newApi } from './bench.ts'
import {
  badRequest,
  config,
  invalid,
  isConfig,
  isNamespace,
  pod,
  refusal,
  unknownResource,
} from './objects.ts'

/** Names of which some begin as others do. */
const NAMES = ['aa', 'aa-a', 'aa.a', 'ab', 'a-b', 'a.b', 'aba', 'b.a', 'ba', 'bab', 'c-a', 'ca']

type List = ReturnType<Api['list']>
type Page = Awaited<List>

/** Creates ConfigMaps of these names, each at the next version. */
function createAll(api: Api, names: string[]): void {
  for (const name of names) api.create('ConfigMap', config(name, { metadata: { labels: { app: name } } }))
}

function namesOf({ items }: Page): string[] {
  return items.map(({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name}`)
}

function nameOf({ items }: Page): string {
  return items.map(({ metadata }) => metadata?.name).join(' ')
}

/** What stands where a page has a token. */
const MORE = { continue: 'a token' }

/** Names, and the version of the list. */
function versionOf(page: Page) {
  return { names: nameOf(page), resourceVersion: page.metadata.resourceVersion }
}

/** A page as it is looked at: names, and what the list says of itself and whether it has a token. */
function pageOf({ metadata, ...list }: Page) {
  const { continue: token, ...rest } = metadata
  return { names: nameOf({ metadata, ...list }), ...rest, ...(token !== undefined && MORE) }
}

const expired = (message: string) => refusal(410, 'Expired', message)
const tooLarge = (asked: number, current: number) =>
  refusal(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })

// API-11: what is listed

check('API-11.1', 'lists the objects of a kind as of now, each at its own version', (api, look, subject) => {
  api.create('ConfigMap', config('b', { data: { k: 'v' } }))
  api.create('ConfigMap', config('a'))
  api.put('/registry/configmapsets/default/x', config('x'))
  const items = [isConfig('a', 4), isConfig('b', 3, { data: { k: 'v' } })]
  const version = { 'metadata.resourceVersion': '5' }
  const list = api.list.hold('ConfigMap')
  look.parts(subject.read(list), 'the list of ConfigMaps', { ...version, items })
  subject.assign(list, ['items', 1, 'data', 'k'], 'changed as it was listed')
  const again = 'the list, after the answer of the first one was changed by the caller'
  look.parts(api.list('ConfigMap'), again, { items })
  const none = { ...version, items: [] }
  look.parts(api.list('Pod'), 'the list of a kind of which there is nothing', none)
  const ghost = api.list('ConfigMap', { namespace: 'ghost' })
  look.parts(ghost, 'the list of a namespace that does not exist', none)
  const namespaces = [isNamespace('default', 2, { metadata: { uid: 'of-default', labels: undefined } })]
  const all = api.list('Namespace', { namespace: 'ghost' })
  look.parts(all, 'the list of Namespaces, with a namespace', { ...version, items: namespaces })
  look.refused(
    api.list('Widget' as 'Pod'),
    'the list of a kind that the table does not have',
    unknownResource,
  )
})

check(
  'API-11.2',
  'lists one namespace or all, in the order of the keys',
  (api, look) => {
    for (const namespace of ['team', 'team-a', 'default'])
      for (const name of ['a-b', 'a.b', 'a']) api.create('ConfigMap', { metadata: { name, namespace } })
    const named = (namespace: string) => ['a', 'a-b', 'a.b'].map((name) => `${namespace}/${name}`)
    const all = ['default', 'team-a', 'team'].flatMap(named)
    look.of(api.list('ConfigMap'), 'all namespaces', all, namesOf)
    look.of(api.list('ConfigMap', { namespace: '' }), "the namespace ''", all, namesOf)
    look.of(api.list('ConfigMap', { namespace: 'team' }), 'the namespace team', named('team'), namesOf)
    look.of(api.list('ConfigMap', { namespace: 'tea' }), 'the namespace tea', [], namesOf)
  },
  { namespaces: ['team', 'team-a'] },
)

// API-12: selectors

check('API-12.1', 'selects by labels and by fields', (api, look) => {
  createAll(api, ['a', 'b', 'c'])
  api.create('ConfigMap', config('d'))
  const chosen = (options: Parameters<Api['list']>[1], names: string) =>
    look.of(
      api.list('ConfigMap', options),
      `the names in a list with ${JSON.stringify(options)}`,
      names,
      nameOf,
    )
  chosen({ labelSelector: 'app in (a,b)' }, 'a b')
  chosen({ labelSelector: '!app' }, 'd')
  chosen({ fieldSelector: 'metadata.name!=b' }, 'a c d')
  chosen({ labelSelector: 'app!=a', fieldSelector: 'metadata.name!=b' }, 'c d')
  chosen({ labelSelector: '', fieldSelector: '' }, 'a b c d')
  chosen({ labelSelector: 'app=e' }, '')
  api.create('Pod', pod('p'))
  api.create('Pod', pod('q', { spec: { nodeName: 'n1' } }))
  look.of(api.list('Pod', { fieldSelector: 'spec.nodeName=n1' }), 'the Pods on n1', 'q', nameOf)
})

check(
  'API-12.2',
  'refuses selectors that cannot be read',
  (api, look) => {
    const label = "unable to parse requirement: found '', expected: ',', ')' or identifier"
    look.refused(
      api.list('Pod', { labelSelector: 'a in (' }),
      'a list with a label selector that cannot be read',
      badRequest(label),
    )
    const field = api.list('Pod', { fieldSelector: 'spec.foo=x' })
    look.refused(
      field,
      'a list with a field selector that the kind does not have',
      badRequest('field label not supported: spec.foo'),
    )
  },
  { tag: 'api' },
)

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
})

check(
  'API-13.2',
  'counts what is selected as a page, and the rest only without a selector',
  async (api, look) => {
    createAll(api, ['a', 'b', 'c', 'd'])
    const selectors = [{ labelSelector: 'app!=b' }, { fieldSelector: 'metadata.name!=b' }]
    const pages = selectors.map((selector) => api.list('ConfigMap', { ...selector, limit: 2 }))
    for (const [i, page] of pages.entries()) {
      const selector = selectors[i]
      const what = `with ${JSON.stringify(selector)} and limit 2`
      look.of(page, `page 1 ${what}`, { names: 'a c', resourceVersion: '6', ...MORE }, pageOf)
      const { metadata } = await answerOf(page, 'page 1', {})
      const next = api.list('ConfigMap', { ...selector, limit: 2, continue: metadata.continue ?? '' })
      look.of(next, `page 2 ${what}`, { names: 'd', resourceVersion: '6' }, pageOf)
      const exact = api.list('ConfigMap', { ...selector, limit: 3 })
      look.of(
        exact,
        `the only page with ${JSON.stringify(selector)} and limit 3`,
        { names: 'a c d', resourceVersion: '6' },
        pageOf,
      )
    }
    const whole = { names: 'a b c d', resourceVersion: '6' }
    for (const limit of [0, -1, 4, 5])
      look.of(api.list('ConfigMap', { limit }), `a list of four objects with limit ${limit}`, whole, pageOf)
    const one = { names: 'a', resourceVersion: '6', remainingItemCount: 3, ...MORE }
    look.of(
      api.list('ConfigMap', { limit: 1, continue: '', labelSelector: '', fieldSelector: '' }),
      "a list with limit 1, and with '' as continue and as both selectors",
      one,
      pageOf,
    )
  },
)

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

check(
  'API-13.4',
  'comes to the whole list, page by page, whatever the limit and the selector',
  async (_, __, subject) => {
    await forExamples(
      subject,
      fc.record({
        names: fc.shuffledSubarray(NAMES, { minLength: 1, maxLength: 6 }),
        limit: fc.integer({ min: 1, max: 4 }),
        not: fc.constantFrom('', 'app!=aa', 'app'),
      }),
      async ({ names, limit, not: labelSelector }) => {
        const api = newApi(subject)
        createAll(api, names)
        const whole = await answerOf(api.list('ConfigMap', { labelSelector }), 'the whole list', {})
        const selected = names.filter((name) => name !== 'aa' || labelSelector !== 'app!=aa').toSorted()
        expect(nameOf(whole), `the names in a whole list with the selector '${labelSelector}'`).toEqual(
          selected.join(' '),
        )
        const pages: Page[] = []
        let token: string | undefined = ''
        while (token !== undefined && pages.length <= names.length) {
          const page: Page = await answerOf(
            api.list('ConfigMap', { labelSelector, limit, continue: token }),
            'a page',
            {},
          )
          pages.push(page)
          token = page.metadata.continue
        }
        const items = pages.flatMap((page) => page.items)
        expect(items, 'the objects on all pages, beside those of the whole list').toEqual(whole.items)
        const sizes = pages.slice(0, -1).map((page) => page.items.length)
        expect(sizes, 'the sizes of all pages but the last').toEqual(sizes.map(() => limit))
      },
      2,
    )
  },
)

// API-14: versions

check('API-14.1', 'lists as things are now, or exactly as they were, if that is known', (api, look) => {
  createAll(api, ['a', 'b'])
  api.create('Pod', pod('p'))
  const now = { names: 'a b', resourceVersion: '5' }
  for (const resourceVersion of ['', '0', '3', '5'])
    look.of(
      api.list('ConfigMap', { resourceVersion }),
      `a list with resourceVersion '${resourceVersion}'`,
      now,
      versionOf,
    )
  for (const resourceVersion of ['0', '3'])
    look.of(
      api.list('ConfigMap', { resourceVersion, resourceVersionMatch: 'NotOlderThan' }),
      `a list not older than ${resourceVersion}`,
      now,
      versionOf,
    )
  const exact = api.list('ConfigMap', { resourceVersion: '3', resourceVersionMatch: 'Exact' })
  look.of(exact, 'a list at exactly version 3', { names: 'a', resourceVersion: '3' }, versionOf)
  const begin = api.list('ConfigMap', { resourceVersion: '2', resourceVersionMatch: 'Exact' })
  look.of(begin, 'a list at exactly version 2', { names: '', resourceVersion: '2' }, versionOf)
  const page = api.list('ConfigMap', { resourceVersion: '4', resourceVersionMatch: 'Exact', limit: 1 })
  const one = { names: 'a', resourceVersion: '4' }
  look.of(page, 'a list at exactly version 4, with limit 1', one, versionOf)
  const future = { resourceVersion: '99999999' }
  look.refused(
    api.list('ConfigMap', future),
    'a list not older than version 99999999, which is still to come',
    tooLarge(99_999_999, 5),
  )
  for (const resourceVersionMatch of ['Exact', 'NotOlderThan'] as const)
    look.refused(
      api.list('ConfigMap', { resourceVersion: '6', resourceVersionMatch }),
      `a list with version 6, which is still to come, and ${resourceVersionMatch}`,
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
