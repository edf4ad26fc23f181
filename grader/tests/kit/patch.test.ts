import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Patch } from '#kit/client'
import { jsonPatch } from '#kit/json-patch'
import { mergePatch } from '#kit/merge-patch'
import { applyPatch } from '#kit/patch'
import { StatusError } from '#kit/status-error'

/** The Status that a call is refused with. */
function refusal(call: () => unknown) {
  try {
    call()
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  return undefined
}

const cannot = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the server rejected our request due to an error in our request',
  reason: 'Invalid',
  details: {},
  code: 422,
}

type Operations = Extract<Patch, { type: 'json' }>['operations']

describe('a JSON patch', () => {
  // RFC 6902, appendix A, in its order. A.13 is about JSON text, which is read before the patch is applied.
  const examples: [string, object, Operations, object | 'refused'][] = [
    [
      'adds an object member',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { baz: 'qux', foo: 'bar' },
    ],
    [
      'adds an array element',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    [
      'removes an object member',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'remove', path: '/baz' }],
      { foo: 'bar' },
    ],
    [
      'removes an array element',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'replaces a value',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'replace', path: '/baz', value: 'boo' }],
      { baz: 'boo', foo: 'bar' },
    ],
    [
      'moves a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'moves an array element',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'tests a value: it is equal',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    ['tests a value: it is another', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }], 'refused'],
    [
      'adds a nested member object',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    [
      'ignores members that it does not know',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 } as Operations[number]],
      { foo: 'bar', baz: 'qux' },
    ],
    [
      'adds to no target that is missing',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz/bat', value: 'qux' }],
      'refused',
    ],
    [
      'unescapes ~ in the right order',
      { '/': 9, '~1': 10 },
      [{ op: 'test', path: '/~01', value: 10 }],
      { '/': 9, '~1': 10 },
    ],
    [
      'compares strings and numbers as different',
      { '/': 9, '~1': 10 },
      [{ op: 'test', path: '/~01', value: '10' }],
      'refused',
    ],
    [
      'adds an array value',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
  ]

  it.each(examples)('%s', (_does, document, operations, expected) => {
    const before = structuredClone(document)
    if (expected === 'refused') expect(refusal(() => jsonPatch(document, operations))).toEqual(cannot)
    else expect(jsonPatch(document, operations)).toEqual(expected)
    expect(document).toEqual(before)
  })

  it.each<[string, Operations[number]]>([
    ['a path that is not there', { op: 'remove', path: '/a/x' }],
    ['a path that is no pointer', { op: 'add', path: 'a', value: 1 }],
    ['a value that is missing', { op: 'add', path: '/a/x' }],
    ['an operation that does not exist', { op: 'swap', path: '/a' }],
    ['an element beyond the end', { op: 'add', path: '/list/3', value: 1 }],
    ['the element after the last', { op: 'replace', path: '/list/-', value: 1 }],
    ['a copy beyond the end', { op: 'copy', from: '/a', path: '/list/3' }],
    ['an index with a leading zero', { op: 'replace', path: '/list/01', value: 1 }],
    ["a list's length", { op: 'replace', path: '/list/length', value: 0 }],
    ['what every object inherits', { op: 'remove', path: '/a/toString' }],
    ['what every object inherits from', { op: 'add', path: '/__proto__/polluted', value: 1 }],
    ['a function that every object inherits', { op: 'copy', from: '/toString', path: '/a/x' }],
    ['a name that the library steps over', { op: 'copy', from: '/constructor', path: '/a/x' }],
    ['the whole document', { op: 'remove', path: '' }],
    ['a move into itself', { op: 'move', from: '/a', path: '/a/b' }],
  ])('refuses %s', (_what, operation) => {
    expect(refusal(() => jsonPatch({ a: { b: 1 }, list: [1, 2], constructor: 1 }, [operation]))).toEqual(
      cannot,
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('does nothing if one operation cannot be done', () => {
    const document = { a: 1 }
    const operations = [
      { op: 'add', path: '/b', value: 2 },
      { op: 'test', path: '/a', value: 2 },
    ]
    expect(refusal(() => jsonPatch(document, operations))?.code).toBe(422)
    expect(document).toEqual({ a: 1 })
  })

  it('compares objects whatever the order of their members', () => {
    const operations = [{ op: 'test', path: '/a', value: { y: [1], x: null } }]
    expect(jsonPatch({ a: { x: null, y: [1] } }, operations)).toEqual({ a: { x: null, y: [1] } })
  })

  it.each([
    ['an object with a list', { 0: 1 }, [1]],
    ['an object with one that has more', { a: 1 }, { a: 1, b: 2 }],
    ['an object with one that has other members', { a: 1 }, { b: 1 }],
    ['null with an object', null, {}],
  ])('finds different when it compares %s', (_what, a, b) => {
    expect(refusal(() => jsonPatch({ a }, [{ op: 'test', path: '/a', value: b }]))).toEqual(cannot)
    expect(refusal(() => jsonPatch({ b }, [{ op: 'test', path: '/b', value: a }]))).toEqual(cannot)
  })

  it('compares two long lists at once', () => {
    const list = Array.from({ length: 20_000 }, (_, index) => index)
    expect(jsonPatch({ list }, [{ op: 'test', path: '/list', value: list }])).toEqual({ list })
    const operations = [{ op: 'test', path: '/list', value: list.toReversed() }]
    expect(refusal(() => jsonPatch({ list }, operations))).toEqual(cannot)
  })

  it('refuses more than 10,000 operations', () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ op: 'test', path: '/a', value: 1 }))
    expect(jsonPatch({ a: 1 }, many(10_000))).toEqual({ a: 1 })
    expect(refusal(() => jsonPatch({ a: 1 }, many(10_001)))).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    })
  })

  it('refuses copies that double a document again and again', () => {
    const operations = Array.from({ length: 40 }, (_, index) => ({
      op: 'copy',
      from: '',
      path: `/copy${index}`,
    }))
    expect(refusal(() => jsonPatch({ a: 'text' }, operations))).toEqual(cannot)
  })

  it('says 400 of what is no list of objects', () => {
    const malformed = (operations: unknown) => refusal(() => jsonPatch({}, operations as Operations))?.message
    expect(malformed({ op: 'add' })).toBe(
      'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
    expect(malformed([1])).toBe('json: cannot unmarshal number into Go value of type jsonpatch.Operation')
  })
})

describe('a merge patch', () => {
  // RFC 7386, appendix A: those whose patch is an object.
  it.each<[unknown, Record<string, unknown>, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('makes of %j with %j: %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected)
  })

  it('makes __proto__ a member like any other', () => {
    const patch: Record<string, unknown> = JSON.parse('{"__proto__": {"polluted": 1}}')
    const merged = mergePatch({ a: 1 }, patch)
    expect(JSON.stringify(merged)).toBe('{"a":1,"__proto__":{"polluted":1}}')
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  })
})

describe('applyPatch', () => {
  const pod = {
    kind: 'Pod',
    metadata: { name: 'a', labels: { x: '1' } },
    spec: { containers: [{ name: 'c' }] },
  }

  it('shares nothing with its arguments', () => {
    const sent = { spec: { nodeSelector: { disk: 'ssd' } } }
    for (const type of ['merge', 'strategic'] as const) {
      const patched = applyPatch('Pod', pod, { type, patch: sent }) as {
        spec: { containers: unknown[]; nodeSelector: unknown }
      }
      expect(patched.spec.nodeSelector).toEqual(sent.spec.nodeSelector)
      expect(patched.spec.nodeSelector).not.toBe(sent.spec.nodeSelector)
      expect(patched.spec.containers).not.toBe(pod.spec.containers)
    }
  })

  it('replaces lists under merge, and merges them under strategic', () => {
    const patch = { spec: { containers: [{ name: 'd' }] } }
    expect(applyPatch('Pod', pod, { type: 'merge', patch })).toMatchObject({
      spec: { containers: [{ name: 'd' }] },
    })
    expect(applyPatch('Pod', pod, { type: 'strategic', patch })).toMatchObject({
      spec: { containers: [{ name: 'd' }, { name: 'c' }] },
    })
  })

  it('says 400 of a patch that is no object', () => {
    for (const type of ['merge', 'strategic'] as const) {
      const patch = [] as unknown as Record<string, unknown>
      expect(refusal(() => applyPatch('Pod', pod, { type, patch }))).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message: 'json: cannot unmarshal array into Go value of type map[string]interface {}',
      })
    }
  })

  it('says 400 of a patch that is nested too deeply', () => {
    let deep: Record<string, unknown> = {}
    for (let depth = 0; depth < 100_000; depth += 1) deep = { a: deep }
    const patches: Patch[] = [
      { type: 'merge', patch: deep },
      { type: 'strategic', patch: deep },
      { type: 'json', operations: [{ op: 'add', path: '/a', value: deep }] },
    ]
    for (const patch of patches) {
      expect(refusal(() => applyPatch('Pod', pod, patch))).toMatchObject({
        code: 400,
        message: 'exceeded max depth',
      })
    }
  })

  it('keeps metadata an object', () => {
    const cut: Patch = { type: 'json', operations: [{ op: 'remove', path: '/metadata' }] }
    expect(applyPatch('Pod', pod, cut)).toMatchObject({ metadata: {} })
    const spoilt: Patch = { type: 'merge', patch: { metadata: 'none' } }
    expect(refusal(() => applyPatch('Pod', pod, spoilt))).toMatchObject({ code: 422, reason: 'Invalid' })
  })

  const key = fc.constantFrom(
    'metadata',
    'spec',
    'containers',
    'finalizers',
    'name',
    '__proto__',
    'constructor',
    'toString',
    'length',
    '$patch',
    '$retainKeys',
    '$setElementOrder/containers',
    '$deleteFromPrimitiveList/finalizers',
    '',
    '-',
    '0',
  )
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, 1, '', 'name', 'delete', 'replace'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
    ),
  }))
  const pointer = fc.array(key, { maxLength: 4 }).map((tokens) => tokens.map((token) => `/${token}`).join(''))
  const operation = fc.record(
    {
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'other'),
      path: fc.oneof(pointer, json),
      from: fc.oneof(pointer, json),
      value: json,
    },
    { requiredKeys: [] },
  )
  const patches = fc.oneof(
    fc.record({
      type: fc.constant('json'),
      operations: fc.oneof(fc.array(operation, { maxLength: 5 }), json),
    }),
    fc.record({ type: fc.constantFrom('merge', 'strategic'), patch: json }),
  )

  it('answers any patch with JSON data or a StatusError, and changes nothing else', () => {
    const property = fc.property(fc.dictionary(key, json), patches, (object, patch) => {
      const before = JSON.stringify([object, patch])
      const status = refusal(() => {
        const patched = applyPatch('Pod', object, patch as Patch)
        expect(structuredClone(patched)).toEqual(JSON.parse(JSON.stringify(patched)))
        expect(patched).toHaveProperty('metadata')
      })
      if (status) expect([400, 413, 422, 500]).toContain(status.code)
      expect(JSON.stringify([object, patch])).toBe(before)
      expect(Object.keys(Object.prototype)).toEqual([])
    })
    fc.assert(property, { numRuns: 2000 })
  })
})
