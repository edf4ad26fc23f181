import { describe, expect, it } from 'vitest'
import { ChannelReader, type Message } from '../src/sandbox/channel.ts'
import type { SandboxFault } from '../src/sandbox/fault.ts'
import { LIMITS } from '../src/sandbox/limits.ts'

function reader() {
  const messages: Message[] = []
  const faults: SandboxFault[] = []
  const channel = new ChannelReader(
    (message) => messages.push(message),
    (fault) => faults.push(fault),
  )
  return { channel, messages, faults }
}

describe('the reader of the channel', () => {
  it('takes messages apart, however the bytes are cut', () => {
    const bytes = Buffer.from('s\nlprinted\nr{"é":"\u{1F40B}"}\n')
    for (let size = 1; size <= bytes.length; size++) {
      const { channel, messages, faults } = reader()
      for (let at = 0; at < bytes.length; at += size) channel.push(bytes.subarray(at, at + size))
      expect(faults).toEqual([])
      expect(messages).toEqual([
        { kind: 'started' },
        { kind: 'log', line: 'printed' },
        { kind: 'reply', line: '{"é":"\u{1F40B}"}' },
      ])
    }
  })

  it.each([
    ['an unknown kind', Buffer.from('x1\n'), 'a line is of no known kind'],
    ['an unknown kind before its line ends', Buffer.from('x'), 'a line is of no known kind'],
    ['an empty line', Buffer.from('\n'), 'a line is empty'],
    ['a start with something behind it', Buffer.from('s1\n'), 'a line is of no known kind'],
    ['bytes that are no UTF-8', Buffer.from([0x72, 0xff, 0x0a]), 'a line is no UTF-8'],
    ['half a character', Buffer.from([0x72, 0xe2, 0x82, 0x0a]), 'a line is no UTF-8'],
  ])('refuses %s, and reads nothing after it', (_, bytes, how) => {
    const { channel, messages, faults } = reader()
    channel.push(Buffer.concat([bytes, Buffer.from('\nr"passed"\n')]))
    channel.push(Buffer.from('r"passed"\n'))
    expect(messages).toEqual([])
    expect(faults).toMatchObject([
      { outcome: 'crashed', message: `something in the room wrote to the grader's channel (${how})` },
    ])
  })

  it('gives up on a line that does not end, once, at the limit', () => {
    const { channel, faults } = reader()
    channel.push(Buffer.from('r'))
    for (let kib = 0; kib < LIMITS.messageBytes / 2 ** 10; kib++) channel.push(Buffer.alloc(2 ** 10, 'x'))
    channel.push(Buffer.alloc(2 ** 10, 'x'))
    expect(faults).toMatchObject([
      { outcome: 'over-limit', limit: 'message', message: 'sent a message of more than 4 MiB' },
    ])
  })

  it('takes a message that is as long as one may be', () => {
    const { channel, messages, faults } = reader()
    channel.push(Buffer.from(`r${'x'.repeat(LIMITS.messageBytes - 1)}\n`))
    expect(faults).toEqual([])
    expect(messages).toHaveLength(1)
  })

  it('gives up on many messages, at the limit for one request', () => {
    const { channel, messages, faults } = reader()
    const line = Buffer.from(`l${'x'.repeat(2 ** 20 - 2)}\n`)
    for (let i = 0; i < 16; i++) channel.push(line)
    channel.nextRequest()
    for (let i = 0; i < 16; i++) channel.push(line)
    expect(faults).toEqual([])
    channel.push(line)
    expect(faults).toMatchObject([{ outcome: 'over-limit', limit: 'requestBytes' }])
    expect(messages).toHaveLength(32)
  })

  it('reads nothing more of a chunk when its listener has closed it', () => {
    const lines: Message[] = []
    const channel = new ChannelReader(
      (message) => {
        lines.push(message)
        channel.close()
      },
      () => undefined,
    )
    channel.push(Buffer.from('r1\nr2\n'))
    expect(lines).toHaveLength(1)
  })
})
