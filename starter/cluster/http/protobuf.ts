/**
 * As much of Kubernetes' protobuf as a DELETE brings: typed clients, `kubectl drain` among them, send their
 * DeleteOptions in it.
 *
 * Mirrors: k8s.io/apimachinery/pkg/runtime/serializer/protobuf; the numbers of the fields are those of `Unknown`,
 * `TypeMeta`, `DeleteOptions` and `Preconditions` in its generated.proto files
 */

/** The bytes are no message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

/** What Kubernetes begins every message with. */
const PREFIX = 'k8s\0'

/** What a message says, by the number of the field; the last one counts of what is there several times. */
interface Message {
  number(field: number): number | undefined
  text(field: number): string | undefined
  message(field: number): Message | undefined
  texts(field: number): string[]
}

/**
 * DeleteOptions as JSON has them.
 *
 * @throws {ProtobufError} if the bytes are something else
 */
export function deleteOptionsIn(bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, PREFIX.length).equals(Buffer.from(PREFIX))) throw new ProtobufError('no prefix')
  const envelope = read(bytes.subarray(PREFIX.length))
  const type = envelope.message(1)
  const options = envelope.message(2)
  const preconditions = options?.message(2)
  const orphan = options?.number(3)
  return given({
    kind: type?.text(2),
    gracePeriodSeconds: options?.number(1),
    preconditions:
      preconditions && given({ uid: preconditions.text(1), resourceVersion: preconditions.text(2) }),
    orphanDependents: orphan === undefined ? undefined : orphan !== 0,
    propagationPolicy: options?.text(4),
    dryRun: options?.texts(5),
  })
}

function given(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** Reads fields that are numbers or have a length: there are no others here. */
function read(bytes: Buffer): Message {
  const numbers = new Map<number, number>()
  const parts = new Map<number, Buffer[]>()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, value))
    }
    throw new ProtobufError('a number has no end')
  }
  while (at < bytes.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (tag % 8 === 0) numbers.set(field, varint())
    else if (tag % 8 === 2) {
      const end = varint() + at
      if (!(end >= at && end <= bytes.length)) throw new ProtobufError('a field is longer than the message')
      const known = parts.get(field) ?? []
      known.push(bytes.subarray(at, end))
      parts.set(field, known)
      at = end
    } else throw new ProtobufError(`a field is of the wire type ${tag % 8}`)
  }
  const last = (field: number) => parts.get(field)?.at(-1)
  return {
    number: (field) => numbers.get(field),
    text: (field) => last(field)?.toString('utf8'),
    texts: (field) => parts.get(field)?.map((each) => each.toString('utf8')) ?? [],
    message(field) {
      const part = last(field)
      return part && read(part)
    },
  }
}
