import { describe, expect, it } from 'vitest'
import { commandLine, refuseWhatNpmTook } from '../src/commands/command-line.ts'
import { UsageError } from '../src/commands/context.ts'

const program = commandLine({} as Parameters<typeof commandLine>[0], async () => {})

describe('an option that stands before --', () => {
  it('is refused, because npm has taken it', () => {
    const take = () => refuseWhatNpmTook(program, 'grade', { npm_config_seed: 'true' })
    expect(take).toThrow(UsageError)
    expect(take).toThrow('write -- before what is meant for Drydock, as in npm run grade -- --seed <N>')
    expect(() => refuseWhatNpmTook(program, 'test', { npm_config_nothing_skipped: 'true' })).toThrow(
      'npm test -- --nothing-skipped',
    )
  })

  it('is none of ours if the command does not have it', () => {
    expect(() => refuseWhatNpmTook(program, 'status', { npm_config_seed: 'true' })).not.toThrow()
    expect(() => refuseWhatNpmTook(program, 'grade', { npm_config_cache: '/tmp' })).not.toThrow()
    expect(() => refuseWhatNpmTook(program, undefined, { npm_config_seed: 'true' })).not.toThrow()
  })
})
