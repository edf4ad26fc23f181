// API-3: names that the API makes.
import { expect } from '../../src/runner/expect.ts'
import { answerOf, check } from './bench.ts'
import { config, invalid, isConfig, pod, refusal, taken } from './objects.ts'

const nameRequired = ['FieldValueRequired', 'metadata.name'] as const
const suffix = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/

check('API-3.1', 'makes a name from generateName, where none is given', async (api, look) => {
  const long = 'x'.repeat(80)
  for (const generateName of ['gen-', long.slice(0, 58), `${long.slice(0, 58)}y`]) {
    const base = generateName.slice(0, 58)
    const call = api.create('ConfigMap', { metadata: { generateName, namespace: 'default' } })
    const { metadata } = await answerOf(
      call,
      `create with a generateName of ${generateName.length} characters`,
      { generateName },
    )
    const what = `the name that was made from a generateName of ${generateName.length} characters`
    expect(metadata?.name ?? '', what).toSatisfy(
      `${base} and five more`,
      (name) => name.startsWith(base) && suffix.test(name.slice(base.length)),
    )
    expect(metadata?.generateName, 'generateName in the answer').toEqual(generateName)
  }
  const empty = api.create('ConfigMap', config('', { metadata: { generateName: 'gen-' } }))
  const begins = "the beginning of the name that create with name '' and generateName 'gen-' makes"
  look.of(empty, begins, 'gen-', ({ metadata }) => metadata?.name?.slice(0, 4))
  const named = config('a', { metadata: { generateName: 'gen-' } })
  look.answer(
    api.create('ConfigMap', named),
    'create with both name and generateName',
    isConfig('a', 7, named),
  )
  look.refused(api.create('ConfigMap', named), 'a second create with that name and generateName', taken('a'))
  const [reason, field] = nameRequired
  const status = invalid('Pod', '', [reason, field, 'Required value: name or generateName is required'])
  for (const metadata of [{ name: '' }, { name: undefined, generateName: '' }])
    look.refused(
      api.create('Pod', pod('', { metadata })),
      'create with neither name nor generateName',
      status,
    )
})

for (const [number, times] of [7, 8].entries()) {
  check(
    `API-3.${number + 2}`,
    times === 7 ? 'makes another name while the one it made is taken' : 'gives up after eight names',
    async (api, look) => {
      const create = api.create('ConfigMap', { metadata: { generateName: 'gen-', namespace: 'default' } })
      const outcome = create.settled()
      const told = await api.told()
      const names = told
        .filter(({ from }) => from === 'rival')
        .map(({ key }) => `${key}`.split('/').at(-1) ?? '')
      const made = names.filter((name) => name.startsWith('gen-') && suffix.test(name.slice(4)))
      const what = "how many different names of 'gen-' and five more it tried that were taken"
      expect(new Set(made).size, what).toEqual(times)
      const validated = new Set(
        told
          .filter(({ call }) => call === 'validate')
          .map(({ object }) => (object as { metadata?: { name?: string } }).metadata?.name),
      )
      await outcome
      const last = names.at(-1) ?? ''
      const why = 'already exists, the server was not able to generate a unique name for the object'
      const details = { name: last, kind: 'configmaps', retryAfterSeconds: 1 }
      if (times === 8) {
        const status = refusal(409, 'AlreadyExists', `configmaps "${last}" ${why}`, details)
        look.refused(create, 'create when eight names were taken', status)
      } else {
        look.of(
          create,
          'generateName of the answer when seven names were taken',
          'gen-',
          (made) => made.metadata?.generateName,
        )
        look.of(create, 'the resourceVersion of the answer', '10', (made) => made.metadata?.resourceVersion)
        look.of(create, 'whether row.validate() has seen the name that was stored', true, ({ metadata }) =>
          validated.has(metadata?.name),
        )
        look.of(create, 'whether the answer has a name that was taken', false, ({ metadata }) =>
          names.includes(metadata?.name ?? ''),
        )
      }
    },
    {
      rivals: [{ when: 'before a write', does: {}, times }],
      causes: { validate: [], validateUpdate: [] },
    },
  )
}
