import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from '#kit/api/base64'
import { humanDuration } from '#kit/api/human-duration'
import { kindTable } from '#kit/api/served-kinds'
import { frozen } from '#kit/frozen'
import { type SampleKind, sampleObjects } from './sample-objects.ts'

/** What the tests ask of any row; objects are whatever a client may send. */
interface AnyRow {
  namespaced: boolean
  selectableFields: Record<string, (object: unknown) => string>
  columns: readonly { name: string; type: string; value(object: unknown, nowMs: number): unknown }[]
  defaults(draft: unknown, operation: 'CREATE' | 'UPDATE'): Record<string, unknown>
  validate(object: unknown): { field: string; message: string; reason: string }[]
  validateUpdate(object: unknown, old: unknown, subresource?: string): unknown[]
  gracePeriodSeconds(object: unknown, asked: number | undefined): number | undefined
  held(object: unknown): boolean
  terminating(object: unknown): unknown
}

const kinds = Object.keys(sampleObjects) as SampleKind[]
const row = (kind: SampleKind) => kindTable[kind] as unknown as AnyRow
const now = Date.UTC(2026, 10, 20, 11)

function stored(kind: SampleKind, operation: 'CREATE' | 'UPDATE' = 'UPDATE'): Record<string, unknown> {
  const object = row(kind).defaults(sampleObjects[kind], operation)
  const metadata = { ...sampleObjects[kind].metadata, uid: 'u', creationTimestamp: '2026-11-20T10:12:40Z' }
  return { ...object, metadata }
}

/** The object with one of its parts, however deep, replaced by something else. */
function damaged(object: unknown): fc.Arbitrary<unknown> {
  const paths: string[][] = [[]]
  const walk = (value: unknown, path: string[]) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value)) {
      paths.push([...path, key])
      walk(part, [...path, key])
    }
  }
  walk(object, [])
  const other = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(undefined, null, '', 'a', -1, 0, 1e30, [], {}, [null], { constructor: 'a' }),
    fc.string().map((key) => ({ [key]: key })),
  )
  const replace = (value: unknown, [key, ...rest]: string[], by: unknown): unknown => {
    if (key === undefined) return by
    const copy = Array.isArray(value) ? [...value] : { ...(value as Record<string, unknown>) }
    const parts = copy as Record<string, unknown>
    parts[key] = replace(parts[key], rest, by)
    return copy
  }
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), other), { minLength: 1, maxLength: 3 })
    .map((damages) =>
      damages
        .sort(([a], [b]) => b.length - a.length)
        .reduce((value, [path, by]) => replace(value, path, by), object),
    )
}

describe.each(kinds)('the row of %s', (kind) => {
  it('takes an object that uses everything, and fills in the same the second time', () => {
    for (const operation of ['CREATE', 'UPDATE'] as const) {
      const object = row(kind).defaults(frozen(structuredClone(sampleObjects[kind])), operation)
      expect(row(kind).validate(object)).toEqual([])
      expect(row(kind).defaults(object, operation)).toEqual(object)
      expect(row(kind).validateUpdate(object, object)).toEqual([])
    }
  })

  it('asks for a name', () => {
    const { metadata } = sampleObjects[kind]
    const object = row(kind).defaults(
      { ...sampleObjects[kind], metadata: { ...metadata, name: '' } },
      'CREATE',
    )
    expect(row(kind).validate(object)).toEqual([
      {
        reason: 'FieldValueRequired',
        message: 'Required value: name or generateName is required',
        field: 'metadata.name',
      },
    ])
  })

  it('asks for a namespace, or refuses one', () => {
    const metadata = { ...sampleObjects[kind].metadata, namespace: row(kind).namespaced ? undefined : 'a' }
    const [cause] = row(kind).validate({ ...stored(kind), metadata })
    expect(cause?.message).toBe(
      row(kind).namespaced ? 'Required value' : 'Forbidden: not allowed on this type',
    )
  })

  it('survives whatever a client sends, and whatever it accepts can be shown', { timeout: 60_000 }, () => {
    const old = stored(kind)
    fc.assert(
      fc.property(
        damaged(stored(kind)),
        fc.constantFrom(undefined, 'status', 'binding'),
        (draft, subresource) => {
          const { defaults, validate, validateUpdate, columns, selectableFields, ...rules } = row(kind)
          frozen(draft)
          for (const operation of ['CREATE', 'UPDATE'] as const) {
            const object = defaults(draft, operation)
            const causes = validate(object)
            for (const cause of causes) expect(cause.field, cause.message).not.toBe('')
            validate(draft)
            validateUpdate(object, old, subresource)
            if (causes.length > 0) continue
            const read = {
              ...object,
              metadata: { ...(old.metadata as object), ...(object.metadata as object) },
            }
            for (const column of columns) {
              expect(typeof column.value(read, now)).toBe(column.type === 'integer' ? 'number' : 'string')
            }
            for (const field of Object.values(selectableFields)) expect(typeof field(read)).toBe('string')
            expect(rules.gracePeriodSeconds(read, undefined) ?? 0).toBeGreaterThanOrEqual(0)
            rules.held(read)
            rules.terminating(read)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('the kind table', () => {
  it('is the same for everybody: nothing of it can be changed', () => {
    for (const part of [kindTable, kindTable.ReplicaSet, kindTable.Pod?.columns, kindTable.Pod?.columns[0]])
      expect(() => Object.assign(part as object, { more: true })).toThrow('object is not extensible')
    expect(() => Object.assign(kindTable.ReplicaSet as object, { counted: false })).toThrow(
      "Cannot assign to read only property 'counted'",
    )
  })
})

describe('metadata', () => {
  const causesOf = (metadata: object) =>
    row('ConfigMap')
      .validate({ metadata: { name: 'a', namespace: 'default', ...metadata } })
      .map(({ field, message }) => `${field}: ${message}`)

  it('may have a generateName that ends with a dash', () => {
    expect(causesOf({ generateName: 'gen-' })).toEqual([])
    expect(causesOf({ generateName: 'Gen-' })).toHaveLength(1)
  })

  it('has at most 256 KiB of annotations', () => {
    expect(causesOf({ annotations: { a: 'x'.repeat(256 * 1024 - 1) } })).toEqual([])
    expect(causesOf({ annotations: { a: 'x'.repeat(256 * 1024) } })).toEqual([
      'metadata.annotations: Too long: must have at most 262144 bytes',
    ])
  })

  it('has finalizers with a prefix, or one of those that Kubernetes knows', () => {
    expect(causesOf({ finalizers: ['example.com/a', 'orphan'] })).toEqual([])
    expect(causesOf({ finalizers: ['mine'] })).toEqual([
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ])
    expect(causesOf({ finalizers: ['orphan', 'foregroundDeletion'] })).toHaveLength(1)
  })

  it('has owners that are named in full, at most one of them the controller', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }
    expect(causesOf({ ownerReferences: [owner, { ...owner, controller: false }] })).toEqual([])
    expect(causesOf({ ownerReferences: [{ ...owner, uid: '' }] })).toEqual([
      'metadata.ownerReferences.uid: Invalid value: "": uid must not be empty',
    ])
    expect(causesOf({ ownerReferences: [owner, { ...owner, name: 's' }] })[0]).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/r and ReplicaSet/s',
    )
  })
})

it('refuses a value of the wrong type by its field', () => {
  expect(row('Pod').validate({ metadata: {}, spec: { containers: 'none' } })).toEqual([
    {
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "string": spec.containers in body must be of type array: "string"',
      field: 'spec.containers',
    },
  ])
})

it('takes null for what was left out', () => {
  const object = row('Lease').defaults(
    { metadata: { name: 'a', labels: null }, spec: { renewTime: null } },
    'CREATE',
  )
  expect(object).toEqual({ metadata: { name: 'a' }, spec: {} })
})

it.each([
  [-5_000, '<invalid>'],
  [-1_000, '0s'],
  [119_999, '119s'],
  [120_000, '2m'],
  [293_000, '4m53s'],
  [600_000, '10m'],
  [3 * 3_600_000, '3h'],
  [11_520_000, '3h12m'],
  [47 * 3_600_000, '47h'],
  [50 * 3_600_000, '2d2h'],
  [8 * 86_400_000, '8d'],
  [800 * 86_400_000, '2y70d'],
  [3_000 * 86_400_000, '8y'],
])('says %i ms as %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text)
})

it('writes text in base64 as everybody else does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      expect(encodeBase64(text)).toBe(Buffer.from(text, 'utf8').toString('base64'))
    }),
  )
})
