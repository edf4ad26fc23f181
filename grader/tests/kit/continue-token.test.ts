import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeContinue, encodeContinue } from '#kit/continue-token'

const bad = (why: string) =>
  expect.objectContaining({
    status: expect.objectContaining({
      code: 400,
      reason: 'BadRequest',
      message: `invalid continue token: continue key is not valid${why}`,
    }),
  })

const token = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe('a continue token', () => {
  // As a kube-apiserver wrote it.
  const real = 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Mjk2LCJzdGFydCI6Imt1YmUtcm9vdC1jYS5jcnRcdTAwMDAifQ'

  it('is what Kubernetes writes', () => {
    expect(encodeContinue({ revision: 296, start: 'kube-root-ca.crt\u0000' })).toBe(real)
    expect(decodeContinue(real)).toEqual({ revision: 296, start: 'kube-root-ca.crt\u0000' })
  })

  it('carries any key, as base64url', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/^\.{0,2}$|\//.test(text))
    const property = fc.property(fc.integer({ min: 1 }), key, (revision, start) => {
      const written = encodeContinue({ revision, start })
      expect(written).toBe(token({ v: 'meta.k8s.io/v1', rv: revision, start }))
      expect(decodeContinue(written)).toEqual({ revision, start })
    })
    fc.assert(property)
  })

  it.each([
    ['garbage', ": invalid character '\\u0081' looking for beginning of value"],
    ['a token with padding', ': illegal base64 data', `${real}==`],
    ['a text of an impossible length', ': illegal base64 data', 'eyJ2I'],
    ['no JSON', ": invalid character 'x' looking for beginning of value", token('xyz')],
    ['cut off', ': there is no JSON object in it', token('{"v":')],
    ['a number', ': there is no JSON object in it', token(1)],
    ['nothing', ': unexpected end of JSON input', ''],
    ['another version', ': server does not recognize this encoded version v2', token({ v: 'v2' })],
    [
      'no revision',
      ': incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
      token({ v: 'meta.k8s.io/v1', start: 'a' }),
    ],
    ['no start', ': encoded start key empty (version meta.k8s.io/v1)', token({ v: 'meta.k8s.io/v1', rv: 1 })],
    [
      'a start outside of the list',
      ': ../secrets/a',
      token({ v: 'meta.k8s.io/v1', rv: 1, start: '../secrets/a' }),
    ],
  ])('is not %s', (name, why, text = name) => {
    expect(() => decodeContinue(text)).toThrow(bad(why))
  })

  it('is refused as a bad request, whatever it is', () => {
    const property = fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(token)), (text) => {
      expect(() => decodeContinue(text)).toThrow(expect.objectContaining({ name: 'StatusError' }))
    })
    fc.assert(property)
  })
})
