// Rollback protection: what binds a reading, and what raises the mark.
import { describe, expect, it } from 'vitest'
import { bindingHighWater, raiseHighWater } from '../../../src/core/registry/highWater.ts'
import type { HeadReading } from '../../../src/core/registry/release.ts'
import { demoEvidence, demoManifest, demoModel } from '../../fixtures/release.ts'

const key = `0x${'11'.repeat(20)}` as const
const otherKey = `0x${'22'.repeat(20)}` as const

function reading(
  seq: number,
  minor: number,
  releaseKey = key,
  level: 'proven' | 'unproven' = 'proven',
): HeadReading {
  const version = { ...demoManifest.version, minor }
  const { block, endpoints, verifiedAt } = demoEvidence
  const common = { block, endpoints, verifiedAt }
  return {
    evidence: level === 'proven' ? { level, ...common } : { level, reason: 'oneEndpoint', ...common },
    record: { maker: demoModel.maker, releaseKey, guardian: key, pending: null },
    head: { manifestHash: '0xaa', version, seq, minSecurityCounter: seq, updatedAt: 1 },
    manifest: { ...demoManifest, version },
    revocations: [],
  }
}

describe('high water', () => {
  it('rises with proven readings and never falls', () => {
    const first = raiseHighWater(null, reading(3, 3), 'stable')
    expect(first).toMatchObject({ seq: 3, securityCounter: 3, channel: 'stable', releaseKey: key })
    expect(raiseHighWater(first, reading(2, 2), 'stable')).toEqual(first)
    expect(raiseHighWater(first, reading(4, 4), 'stable')?.version.minor).toBe(4)
  })

  it('is not raised by an unproven reading', () => {
    expect(raiseHighWater(null, reading(9, 9, key, 'unproven'), 'stable')).toBeNull()
  })

  it('counts order within a channel only, and the security counter everywhere', () => {
    const stable = raiseHighWater(null, reading(7, 7), 'stable')
    const inBeta = bindingHighWater(stable, reading(1, 1), 'beta')
    expect(inBeta).toMatchObject({ seq: 0, securityCounter: 7 })
    expect(bindingHighWater(stable, reading(1, 1), 'stable')?.seq).toBe(7)
  })

  it('lets the order begin anew with a release key that was proven to be new, and not with one that was only claimed', () => {
    const before = raiseHighWater(null, reading(7, 7), 'stable')
    expect(bindingHighWater(before, reading(1, 1, otherKey), 'stable')).toMatchObject({
      seq: 0,
      securityCounter: 7,
    })
    expect(bindingHighWater(before, reading(1, 1, otherKey, 'unproven'), 'stable')?.seq).toBe(7)
  })
})
