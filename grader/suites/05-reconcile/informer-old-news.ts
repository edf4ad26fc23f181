// RC-4: never back in time.
import fc from 'fast-check'
import { check } from '../../src/runner/check.ts'
import { expect } from '../../src/runner/expect.ts'
import { forAll } from '../../src/runner/property.ts'
import { AFTER_BACK_OFF_MS, Bench, expired, parts, playAll, started } from './informer-bench.ts'
import { ScriptedApi } from './scripted-api.ts'

check('RC-4.1', 'drops what is older than what it has, or the same, and watches on', async (subject) => {
  const { api, ...bench } = parts(await started(subject))
  api.version = 10n
  const ten = api.make('gone')
  api.version = 12n
  const thirteen = api.put('a')
  const fourteen = api.put('a')
  await bench.look('after a was changed twice, at 13 and at 14', {
    told: ['updated default/a@11 to default/a@13', 'updated default/a@13 to default/a@14'],
    cache: ['default/a@14', 'default/b@12'],
  })
  api.bring({ type: 'MODIFIED', object: thirteen })
  const shown = { told: [], cache: ['default/a@14', 'default/b@12'] }
  await bench.look('when MODIFIED of a at 13 came again, after MODIFIED at 14', shown)
  api.bring({ type: 'ADDED', object: fourteen })
  await bench.look('when ADDED of a at 14 came, after MODIFIED at 14', shown)
  api.bring({ type: 'DELETED', object: thirteen })
  await bench.look('when DELETED of a at 13 came, after MODIFIED at 14', shown)
  api.remove('a')
  await bench.look('when a was deleted, at 15', { told: ['deleted default/a@15'], cache: ['default/b@12'] })
  api.bring({ type: 'MODIFIED', object: fourteen }, { type: 'ADDED', object: fourteen })
  await bench.look('when MODIFIED and ADDED of a at 14 came, after DELETED at 15', {
    told: [],
    cache: ['default/b@12'],
  })
  const sixteen = api.put('b')
  api.put('b', { uid: 'another' })
  await bench.seen()
  api.bring({ type: 'MODIFIED', object: sixteen })
  const rest = { told: [], cache: ['default/b@17'] }
  await bench.look('when MODIFIED of b at 16 came again, after b at 17, which has another uid', rest)
  const eighteen = api.put('c')
  await bench.seen()
  api.version = 20n
  api.bring({ type: 'DELETED', object: api.make('d') })
  api.version = 19n
  api.bring({ type: 'ADDED', object: api.make('d') })
  const there = ['default/b@17', 'default/c@18']
  await bench.look('when ADDED of d at 19 came, after DELETED at 20, though it was never there', {
    told: [],
    cache: there,
  })
  for (const resourceVersion of ['19', '9']) {
    api.bring(
      { type: 'MODIFIED', object: eighteen },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion } } },
    )
    void api.asked
    api.cut()
    await bench.pass(AFTER_BACK_OFF_MS)
    // From where it watches on is for RC-5: here only that old news do not say it.
    expect(
      api.asked.flatMap((one) => ('watch' in one ? [`watch from ${one.resourceVersion}`] : [])),
      `the next watch, when d had come at 20, and then old news of c at 18 and a bookmark at ${resourceVersion}`,
    ).toSatisfy('none from 9, 18 or 19', (all) => !all.some((one) => / (9|18|19)$/.test(one)))
  }
  for (const object of [ten, fourteen, sixteen]) api.bring({ type: 'ADDED', object })
  await bench.look('when ADDED of what is gone at 10, of a at 14, and of b at 16 came by another watch', {
    told: [],
    cache: there,
  })
})

check('RC-4.2', 'compares versions as whole numbers of any length', async (subject) => {
  const follow = async (below: bigint, who: string) => {
    const bench = new Bench(subject, {}, new ScriptedApi(below), { who })
    const { api } = bench
    const old = api.put('a')
    bench.start()
    await bench.seen()
    api.put('a')
    api.put('a')
    api.bring({ type: 'MODIFIED', object: old })
    const [one, two, three] = [1n, 2n, 3n].map((more) => `default/a@${below + more}`)
    await bench.look(`after a at ${below + 2n}, at ${below + 3n}, and once more at ${below + 1n}`, {
      told: [`updated ${one} to ${two}`, `updated ${two} to ${three}`],
      cache: [`${three}`],
    })
  }
  // From 2 ** 53 on, not every whole number is a number of JavaScript.
  const all = [8n, 2n ** 53n - 1n, 2n ** 53n, 10n ** 40n - 2n]
  const scenes = all.map((below) => [
    `the informer from ${below + 1n} on`,
    (who: string) => follow(below, who),
  ])
  await playAll(subject, Object.fromEntries(scenes))
})

check('RC-4.3', 'drops an event that is older than its list', async (subject) => {
  const bench = new Bench(subject)
  const { api } = bench
  const gone = api.put('gone')
  api.remove('gone')
  const a = api.put('a')
  bench.start()
  await bench.pass()
  api.bring({ type: 'ADDED', object: gone }, { type: 'MODIFIED', object: a })
  await bench.look('after a list at 13, and events at 11 and 13', {
    told: ['added default/a@13'],
    cache: ['default/a@13'],
  })
  let old = gone
  // As it lists, however soon that is.
  api.nextLists.push(() => {
    old = api.put('a')
    api.put('a')
    return api.list()
  })
  api.cut(expired())
  await bench.pass(AFTER_BACK_OFF_MS)
  await bench.seen()
  api.bring({ type: 'MODIFIED', object: old })
  await bench.look('after a second list at 15, and an event at 14', { told: [], cache: ['default/a@15'] })
})

check('RC-4.4', 'shows what a model shows, whatever comes twice or late', async (subject) => {
  const name = fc.constantFrom('a', 'b', 'c')
  // In words, as they are shown where they lead to a failure.
  const step = fc.oneof(
    name.map((of) => `put ${of}`),
    name.map((of) => `remove ${of}`),
    fc.nat(9).map((back) => `repeat the event ${back + 1} back`),
  )
  const steps = fc.array(step, { minLength: 10, maxLength: 25 })
  const follow = async (steps: string[]) => {
    const bench = await started(subject, {}, { who: null })
    const { api } = bench
    const past: Parameters<ScriptedApi['bring']>[0][] = []
    const there = new Map(['a', 'b'].map((of, i) => [of, `default/${of}@${11 + i}`]))
    const told: string[] = []
    for (const one of steps) {
      const [does, of = '', , back] = one.split(' ')
      if (does === 'repeat') {
        const again = past.at(-Number(back))
        if (again) api.bring(again)
      } else if (does === 'put') {
        const object = api.put(of)
        const now = `default/${of}@${api.version}`
        const old = there.get(of)
        told.push(old ? `updated ${old} to ${now}` : `added ${now}`)
        there.set(of, now)
        past.push({ type: old ? 'MODIFIED' : 'ADDED', object })
      } else if (there.delete(of)) {
        api.remove(of)
        told.push(`deleted default/${of}@${api.version}`)
        past.push({ type: 'DELETED', object: api.make(of) })
      }
    }
    await bench.look('after all these steps', { told, cache: [...there.values()].sort() })
    bench.stop()
  }
  // Several side by side: they share their round trips.
  const scripts = fc.array(steps, { minLength: 1, maxLength: 4, size: 'max' })
  await forAll(subject.seed, scripts, async (all) => void (await Promise.all(all.map(follow))), 2)
})
