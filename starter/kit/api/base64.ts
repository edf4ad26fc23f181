const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A text's UTF-8 bytes in base64, as a Secret's `data` has them. */
export function encodeBase64(text: string): string {
  const bytes = utf8(text)
  let result = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.slice(at, at + 3)
    const bits = (first << 16) | (second << 8) | third
    let letters = ''
    for (const shift of [18, 12, 6, 0]) letters += alphabet.charAt((bits >> shift) & 63)
    // A letter that no byte has a part in is padding.
    result += letters.slice(0, bytes.length - at + 1).padEnd(4, '=')
  }
  return result
}

function utf8(text: string): number[] {
  const bytes: number[] = []
  const trailing = (point: number, shift: number) => 0x80 | ((point >> shift) & 0x3f)
  for (const character of text) {
    const found = character.codePointAt(0) ?? 0
    // Half of a pair is no character; Go writes the replacement character.
    const point = found >= 0xd800 && found < 0xe000 ? 0xfffd : found
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), trailing(point, 0))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), trailing(point, 6), trailing(point, 0))
    else bytes.push(0xf0 | (point >> 18), trailing(point, 12), trailing(point, 6), trailing(point, 0))
  }
  return bytes
}

/** How many bytes a base64 text stands for; `undefined` if it is none. */
export function base64Bytes(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}
