/**
 * How names, label keys and label values may look; each function lists what is wrong, in Kubernetes' words.
 *
 * Mirrors: k8s.io/apimachinery/pkg/util/validation
 */
import type { Random } from '#kit/random'

/** Lists what is wrong with a value. */
type Rule = (value: string) => string[]

/** That a value has at most so many characters, and that all of it matches the pattern. */
function rule(most: number, pattern: string, says: string): Rule {
  const whole = new RegExp(`^${pattern}$`)
  return (value) => {
    const problems = value.length > most ? [tooLong(most)] : []
    if (!whole.test(value)) problems.push(`${says}, regex used for validation is '${pattern}')`)
    return problems
  }
}

function tooLong(most: number): string {
  return `must be no more than ${most} characters`
}

const alphanumeric = "must start and end with an alphanumeric character (e.g. '"
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const qualifiedSays = `must consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric}MyName',  or 'my.name',  or '123-abc'`

/** What is wrong with a name that may have dots, such as a pod's: at most 253 characters. */
export const dnsSubdomainProblems: Rule = rule(
  253,
  `${label}(\\.${label})*`,
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${alphanumeric}example.com'`,
)

/** What is wrong with a name without dots, such as a namespace's: at most 63 characters. */
export const dnsLabelProblems: Rule = rule(
  63,
  label,
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${alphanumeric}my-name',  or '123-abc'`,
)

const namePartProblems = rule(63, qualified, qualifiedSays)

/** What is wrong with the key of a label: a name of at most 63 characters, after an optional `prefix/`. */
export function qualifiedNameProblems(key: string): string[] {
  const parts = key.split('/')
  if (parts.length > 2) {
    const form = `a qualified name ${qualifiedSays}, regex used for validation is '${qualified}')`
    return [`${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const [name = '', prefix] = parts.reverse()
  const empty = 'must be non-empty'
  const ofPrefix = prefix === undefined ? [] : prefix ? dnsSubdomainProblems(prefix) : [empty]
  const ofName = name ? namePartProblems(name) : [empty, ...namePartProblems(name)]
  return [
    ...ofPrefix.map((problem) => `prefix part ${problem}`),
    ...ofName.map((problem) => `name part ${problem}`),
  ]
}

/** What is wrong with the value of a label: at most 63 characters, and `''` is one. */
export const labelValueProblems: Rule = rule(
  63,
  `(${qualified})?`,
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric}MyValue',  or 'my_value',  or '12345'`,
)

const variableProblems = rule(
  Number.POSITIVE_INFINITY,
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1'",
)

/** What is wrong with the name of an environment variable. */
export function environmentNameProblems(value: string): string[] {
  return [...variableProblems(value), ...dotProblems(value)]
}

const keyProblems = rule(
  253,
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name'",
)

/** What is wrong with a key of a ConfigMap or a Secret, which becomes a file name: at most 253 characters. */
export function configKeyProblems(value: string): string[] {
  return [...keyProblems(value), ...dotProblems(value)]
}

function dotProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** What is wrong with the name of a port, an IANA service name: at most 15 characters. */
export function portNameProblems(value: string): string[] {
  const problems = value.length > 15 ? [tooLong(15)] : []
  if (!/^[-a-z0-9]+$/.test(value)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  }
  if (!/^.*[a-z].*$/.test(value)) problems.push('must contain at least one letter (a-z)')
  if (value.includes('--')) problems.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen')
  return problems
}

/** A new uid: a UUID of version 4. */
export function newUid(random: Random): string {
  let hex = ''
  while (hex.length < 32) {
    const word = Math.floor(random.next() * 2 ** 32)
    hex += word.toString(16).padStart(8, '0')
  }
  const variant = '89ab'.charAt(Math.floor(random.next() * 4))
  const part = (start: number, end: number) => hex.slice(start, end)
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-${variant}${part(17, 20)}-${part(20, 32)}`
}

// No vowels and nothing that looks like one, so that no words come out.
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** The end of a generated name: five characters. Mirrors: `String` of k8s.io/apimachinery/pkg/util/rand */
export function nameSuffix(random: Random): string {
  const letter = () => suffixAlphabet[Math.floor(random.next() * suffixAlphabet.length)] ?? ''
  return Array.from({ length: 5 }, letter).join('')
}
