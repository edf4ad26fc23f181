import { describe, expect, it } from 'vitest'
import type { Pod } from '#kit/api/kinds'
import { fieldMatcher, parseFieldSelector } from '#kit/field-selector'

const bad = (message: string) =>
  expect.objectContaining({
    status: expect.objectContaining({ code: 400, reason: 'BadRequest', message }),
  })

describe('parseFieldSelector', () => {
  it('reads =, == and != with commas between', () => {
    expect(parseFieldSelector('a=1,b.c==2,d!=')).toEqual([
      { field: 'a', operator: '=', value: '1' },
      { field: 'b.c', operator: '=', value: '2' },
      { field: 'd', operator: '!=', value: '' },
    ])
  })

  it('reads no terms from nothing, and passes over empty ones', () => {
    expect(parseFieldSelector('')).toEqual([])
    expect(parseFieldSelector(',a=1,,')).toEqual([{ field: 'a', operator: '=', value: '1' }])
  })

  it('reads an escaped comma, equals sign and backslash as part of the value', () => {
    expect(parseFieldSelector('a=x\\,y\\=z\\\\,b=1')).toEqual([
      { field: 'a', operator: '=', value: 'x,y=z\\' },
      { field: 'b', operator: '=', value: '1' },
    ])
  })

  it.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=1,b', "invalid selector: 'a=1,b'; can't understand 'b'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\n', 'invalid field selector: invalid escape sequence: \\n'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(bad(message))
  })
})

describe('fieldMatcher', () => {
  const row = { selectableFields: { 'spec.nodeName': (pod: Pod) => pod.spec.nodeName ?? '' } }
  const pod = (name: string, nodeName?: string): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, uid: '1', resourceVersion: '1', creationTimestamp: '' },
    spec: { containers: [], ...(nodeName !== undefined && { nodeName }) },
    status: {},
  })
  const selected = (text: string) =>
    [pod('a', 'n1'), pod('b', 'n2'), pod('c')]
      .filter(fieldMatcher<'Pod'>(row, text))
      .map(({ metadata }) => metadata.name)

  it('selects by the fields of the kind, and by name and namespace', () => {
    expect(selected('spec.nodeName=n1')).toEqual(['a'])
    expect(selected('spec.nodeName!=n1')).toEqual(['b', 'c'])
    expect(selected('spec.nodeName=')).toEqual(['c'])
    expect(selected('metadata.namespace=default,metadata.name!=a')).toEqual(['b', 'c'])
    expect(selected('')).toEqual(['a', 'b', 'c'])
  })

  it('refuses a field that the kind cannot be selected by', () => {
    expect(() => fieldMatcher<'Pod'>(row, 'spec.foo=x')).toThrow(bad('field label not supported: spec.foo'))
    expect(() => fieldMatcher<'Pod'>(row, 'toString=x')).toThrow(bad('field label not supported: toString'))
    const none = { selectableFields: {} }
    expect(() => fieldMatcher<'ConfigMap'>(none, 'foo.bar=baz')).toThrow(
      bad('"foo.bar" is not a known field selector: only "metadata.name", "metadata.namespace"'),
    )
  })
})
