import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  configKeyProblems,
  dnsLabelProblems,
  dnsSubdomainProblems,
  environmentNameProblems,
  labelValueProblems,
  nameSuffix,
  newUid,
  portNameProblems,
  qualifiedNameProblems,
} from '#kit/names'
import { seeded } from '#kit/random'
import { timestamp } from '#kit/timestamp'

describe('the rules for names', () => {
  it.each([
    [dnsSubdomainProblems, ['a', 'a.b-c.9', 'a'.repeat(253)]],
    [dnsLabelProblems, ['a', '0-9', 'a'.repeat(63)]],
    [qualifiedNameProblems, ['a', 'A_b.C', 'example.com/App', `example.com/${'a'.repeat(63)}`]],
    [labelValueProblems, ['', 'a', '12345', 'my_value', 'a'.repeat(63)]],
    [environmentNameProblems, ['A', '_a', 'my.env-name']],
    [configKeyProblems, ['a', '.hidden', 'ca.crt', 'a'.repeat(253)]],
    [portNameProblems, ['http', 'a1-b2']],
  ])('%o finds nothing wrong with names that are right', (problems, names) => {
    for (const name of names) expect(problems(name)).toEqual([])
  })

  it.each([
    [dnsSubdomainProblems, ['', 'A', 'a..b', '-a', 'a-', 'a_b', 'a\n', 'a'.repeat(254)]],
    [dnsLabelProblems, ['', 'A', 'a.b', '-a', 'a-', 'a'.repeat(64)]],
    [qualifiedNameProblems, ['', 'a b', '/a', 'a/', 'a/b/c', 'A.com/a', '-a', 'a'.repeat(64)]],
    [labelValueProblems, [' ', 'c d', '-a', 'a/b', 'a'.repeat(64)]],
    [environmentNameProblems, ['', '1a', 'a b', '.', '..', '..a']],
    [configKeyProblems, ['', 'a b', 'a/b', '.', '..', '..a', 'a'.repeat(254)]],
    [portNameProblems, ['', '80', 'Http', 'a--b', '-a', 'a-', 'a'.repeat(16)]],
  ])('%o finds something wrong with names that are not', (problems, names) => {
    for (const name of names) expect(problems(name)).not.toEqual([])
  })

  it('say it in the words of Kubernetes', () => {
    expect(dnsSubdomainProblems('Bad_Name')).toEqual([
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ])
    expect(qualifiedNameProblems('a b')).toEqual([
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ])
    expect(labelValueProblems('c d')).toEqual([
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ])
    expect(labelValueProblems('a'.repeat(64))).toEqual(['must be no more than 63 characters'])
    expect(qualifiedNameProblems('/a')).toEqual(['prefix part must be non-empty'])
  })
})

describe('names by chance', () => {
  it('makes uids of version 4, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const uid = newUid(seeded(seed))
        expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(newUid(seeded(seed))).toBe(uid)
      }),
    )
  })

  it('makes suffixes of five letters that spell nothing', () => {
    const random = seeded(1)
    const suffixes = Array.from({ length: 200 }, () => nameSuffix(random))
    for (const suffix of suffixes) expect(suffix).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(new Set(suffixes).size).toBeGreaterThan(190)
  })
})

it('writes moments in whole seconds, rounded down', () => {
  expect(timestamp(0)).toBe('1970-01-01T00:00:00Z')
  expect(timestamp(Date.UTC(2026, 10, 20, 10, 12, 40, 999))).toBe('2026-11-20T10:12:40Z')
})
