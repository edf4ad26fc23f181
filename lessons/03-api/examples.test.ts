import { expect, test } from 'vitest'
import { everybodyIsAdministrator } from '#kit/access'
import { kindTable } from '#kit/api/served-kinds'
import type { Client } from '#kit/client'
import { ManualClock } from '#kit/manual-clock'
import { seeded } from '#kit/random'
import { Api } from '#rooms/api'
import { Store } from '#rooms/store'

const settings = { namespace: 'default', name: 'settings' }

/** An API over an empty store, in which there is a namespace `default`. */
async function newApi(): Promise<Client> {
  const api = new Api({
    store: new Store<object>(),
    clock: new ManualClock(),
    random: seeded(1),
    kinds: kindTable,
    access: everybodyIsAdministrator,
    admission: [],
    virtual: {},
  })
  await api.create('Namespace', { metadata: { name: 'default' } })
  return api
}

test('API-1: a new object has a uid, a version and the time of its creation', async () => {
  const api = await newApi()
  const created = await api.create('ConfigMap', { metadata: settings, data: { colour: 'green' } })

  expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
  expect(created.metadata.resourceVersion).toBe('3')
  expect(created.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
  expect(await api.get('ConfigMap', settings)).toEqual(created)
})

test('API-5: who was overtaken is told so', async () => {
  const api = await newApi()
  const seen = await api.create('ConfigMap', { metadata: settings, data: { colour: 'green' } })
  await api.update('ConfigMap', { ...seen, data: { colour: 'blue' } })

  const late = api.update('ConfigMap', { ...seen, data: { colour: 'red' } })

  await expect(late).rejects.toMatchObject({ status: { code: 409, reason: 'Conflict' } })
  expect((await api.get('ConfigMap', settings)).data).toEqual({ colour: 'blue' })
})

test('API-12: a list through a selector', async () => {
  const api = await newApi()
  for (const app of ['web', 'db', 'web']) {
    await api.create('ConfigMap', {
      metadata: { namespace: 'default', generateName: `${app}-`, labels: { app } },
    })
  }

  const { items } = await api.list('ConfigMap', { namespace: 'default', labelSelector: 'app=web' })

  expect(items.map(({ metadata }) => metadata.labels)).toEqual([{ app: 'web' }, { app: 'web' }])
})

test('API-15: a watch goes on where a list has ended', async () => {
  const api = await newApi()
  const { metadata } = await api.list('ConfigMap')
  const watch = api.watch('ConfigMap', { resourceVersion: metadata.resourceVersion })

  const created = await api.create('ConfigMap', { metadata: settings })
  await api.delete('ConfigMap', settings)

  expect((await watch.next()).value).toEqual({ type: 'ADDED', object: created })
  expect((await watch.next()).value).toMatchObject({ type: 'DELETED', object: { metadata: settings } })
  await watch.return()
})

test('API-20: a patch changes what it names, and nothing else', async () => {
  const api = await newApi()
  await api.create('ConfigMap', { metadata: settings, data: { colour: 'green', size: 'small' } })

  await api.patch('ConfigMap', settings, { type: 'merge', patch: { data: { size: 'large' } } })

  expect((await api.get('ConfigMap', settings)).data).toEqual({ colour: 'green', size: 'large' })
})

test('API-22: a finalizer holds an object that is being deleted', async () => {
  const api = await newApi()
  await api.create('ConfigMap', { metadata: { ...settings, finalizers: ['example.com/backup'] } })

  const answer = await api.delete('ConfigMap', settings)

  expect(answer).toMatchObject({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
  expect(await api.get('ConfigMap', settings)).toEqual(answer)
})
