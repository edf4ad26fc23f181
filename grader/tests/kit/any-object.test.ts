import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDraft, readStored, servedKind, withPartsOf } from '../../../starter/kit/any-object.ts'
import { kindTable } from '../../../starter/kit/api/served-kinds.ts'
import type { ApiParts } from '../../../starter/kit/api-parts.ts'
import { isBadRequest } from '../../../starter/kit/status-error.ts'

const row = kindTable.ConfigMap
if (!row) throw new Error('these tests need the row of ConfigMap')

describe('readDraft', () => {
  it('copies what came, and leaves out what is null in the metadata', () => {
    const sent = {
      metadata: { name: 'a', creationTimestamp: null, labels: { app: 'web' } },
      data: { k: 'v' },
    }
    const draft = readDraft(row, sent)
    sent.metadata.labels.app = 'db'
    expect(draft).toEqual({ metadata: { name: 'a', labels: { app: 'web' } }, data: { k: 'v' } })
    expect('creationTimestamp' in draft.metadata).toBe(false)
  })

  it('refuses what has not the shape of an object, in the words of the decoder', () => {
    expect(() => readDraft(row, { metadata: { name: 5 } })).toThrow(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
    )
    for (const sent of [null, [], 'text', { metadata: [] }, { metadata: { finalizers: ['a', 1] } }]) {
      expect(() => readDraft(row, sent)).toThrow('cannot unmarshal')
    }
  })

  it('answers any JSON with a draft or a BadRequest', () => {
    const metadata = fc.dictionary(fc.constantFrom('name', 'labels', 'finalizers', 'uid'), fc.jsonValue())
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ metadata })), (sent) => {
        try {
          expect(readDraft(row, sent).metadata).toBeTypeOf('object')
        } catch (error) {
          expect(isBadRequest(error)).toBe(true)
        }
      }),
    )
  })
})

describe('withPartsOf', () => {
  it('takes the named parts from elsewhere, left out where they are not there', () => {
    const taken = withPartsOf({ a: 1, b: 1, c: 1 }, { b: 2, d: 2, e: undefined }, ['b', 'c', 'e'])
    expect(taken).toEqual({ a: 1, b: 2 })
    expect(Object.keys(taken)).toEqual(['a', 'b'])
  })
})

describe('readStored', () => {
  it('says what it is and at which version', () => {
    expect(readStored(row, { metadata: { name: 'a', resourceVersion: '1' } }, 7)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', resourceVersion: '7' },
    })
  })
})

describe('servedKind', () => {
  const parts = { kinds: kindTable, virtual: {} } as ApiParts

  it('tells what is stored from what is answered, and knows when it is neither', () => {
    expect(servedKind(parts, 'ConfigMap')).toEqual({ row })
    expect(servedKind(parts, 'Pod/binding')).toEqual({ row: kindTable['Pod/binding'], virtual: {} })
    expect(servedKind(parts, 'StorageClass')).toBeUndefined()
  })
})
