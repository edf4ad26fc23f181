/**
 * How names, label keys and label values may look; each function lists what is wrong, in Kubernetes' words.
 *
 * Mirrors: k8s.io/apimachinery/pkg/util/validation
 */
import type { Random } from '#kit/random'

const alphanumeric = "must start and end with an alphanumeric character (e.g. '"
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

// Read once, when first asked for: most runs need only some of them.
const compiled = new Map<string, RegExp>()

function matches(value: string, pattern: string): boolean {
  const known = compiled.get(pattern) ?? new RegExp(`^${pattern}$`)
  compiled.set(pattern, known)
  return known.test(value)
}

function tooLong(value: string, most: number): string[] {
  return value.length > most ? [`must be no more than ${most} characters`] : []
}

function mismatch(value: string, pattern: string, rule: string): string[] {
  return matches(value, pattern) ? [] : [`${rule}, regex used for validation is '${pattern}')`]
}

/** What is wrong with a name that may have dots, such as a pod's: at most 253 characters. */
export function dnsSubdomainProblems(value: string): string[] {
  const rule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${alphanumeric}example.com'`
  return [...tooLong(value, 253), ...mismatch(value, subdomain, rule)]
}

/** What is wrong with a name without dots, such as a namespace's: at most 63 characters. */
export function dnsLabelProblems(value: string): string[] {
  const rule = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${alphanumeric}my-name',  or '123-abc'`
  return [...tooLong(value, 63), ...mismatch(value, label, rule)]
}

/** What is wrong with the key of a label: a name of at most 63 characters, after an optional `prefix/`. */
export function qualifiedNameProblems(key: string): string[] {
  const rule = `must consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric}MyName',  or 'my.name',  or '123-abc'`
  const parts = key.split('/')
  if (parts.length > 2) {
    const form = `a qualified name ${rule}, regex used for validation is '${qualified}')`
    return [`${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]]
  return [
    ...(prefix === undefined ? [] : inPart('prefix part', prefix, dnsSubdomainProblems)),
    ...inPart('name part', name ?? '', (value) => tooLong(value, 63)),
    ...mismatch(name ?? '', qualified, `name part ${rule}`),
  ]
}

function inPart(part: string, value: string, problems: (value: string) => string[]): string[] {
  const found = value === '' ? ['must be non-empty'] : problems(value)
  return found.map((problem) => `${part} ${problem}`)
}

/** What is wrong with the value of a label: at most 63 characters, and `''` is one. */
export function labelValueProblems(value: string): string[] {
  const rule = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric}MyValue',  or 'my_value',  or '12345'`
  return [...tooLong(value, 63), ...mismatch(value, `(${qualified})?`, rule)]
}

/** What is wrong with the name of an environment variable. */
export function environmentNameProblems(value: string): string[] {
  const rule =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1'"
  return [...mismatch(value, '[-._a-zA-Z][-._a-zA-Z0-9]*', rule), ...dotProblems(value)]
}

/** What is wrong with a key of a ConfigMap or a Secret, which becomes a file name: at most 253 characters. */
export function configKeyProblems(value: string): string[] {
  const rule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name'"
  return [...tooLong(value, 253), ...mismatch(value, '[-._a-zA-Z0-9]+', rule), ...dotProblems(value)]
}

function dotProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** What is wrong with the name of a port, an IANA service name: at most 15 characters. */
export function portNameProblems(value: string): string[] {
  const problems = tooLong(value, 15)
  if (!matches(value, '[-a-z0-9]+')) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!matches(value, '.*[a-z].*')) problems.push('must contain at least one letter (a-z)')
  if (value.includes('--')) problems.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen')
  return problems
}

/** A new uid: a UUID of version 4. */
export function newUid(random: Random): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random.next() * 16))
  digits[12] = 4
  digits[16] = 8 + Math.floor(random.next() * 4)
  const hex = digits.map((digit) => digit.toString(16)).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

// No vowels and nothing that looks like one, so that no words come out.
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** The end of a generated name: five characters. Mirrors: `String` of k8s.io/apimachinery/pkg/util/rand */
export function nameSuffix(random: Random): string {
  const letter = () => suffixAlphabet[Math.floor(random.next() * suffixAlphabet.length)] ?? ''
  return Array.from({ length: 5 }, letter).join('')
}
