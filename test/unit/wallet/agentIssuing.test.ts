// The owner's word to an agent that signs grants: what is signed, who can have signed it, and what is refused.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import { encodeType, hashTypedData } from '../../../src/core/eip712.ts'
import type { MarketDomain } from '../../../src/core/lock/grant.ts'
import { signByKey } from '../../../src/core/voucher/channel.ts'
import {
  type AgentIssuing,
  agentIssuingMessage,
  agentIssuingTypedData,
  checkAgentIssuing,
  readSignedAgentIssuing,
} from '../../../src/core/wallet/agentIssuing.ts'
import { accountOf, keyOf } from '../voucher/people.ts'

const domain: MarketDomain = { chainId: 31337, market: accountOf('market') }
const issuing: AgentIssuing = {
  owner: accountOf('owner'),
  deviceId: `0x${'d1'.repeat(32)}`,
  key: new Uint8Array(64).fill(7),
  version: 5,
  isOn: true,
  offers: [`0x${'0f'.repeat(32)}`],
  withdrawEvery: 86_400,
}
const holder = { deviceId: issuing.deviceId, key: issuing.key, version: 4 }
const signatureOf = (of: AgentIssuing, signer = 'owner', where = domain): Bytes =>
  signByKey(hashTypedData(agentIssuingTypedData(where, of)), keyOf(signer))
const json = (of: AgentIssuing, signature: Bytes): Record<string, unknown> => ({
  ...of,
  key: toHex(of.key),
  signature: toHex(signature),
})
const kindOf = (result: { ok: boolean; error?: { kind: string } }) => (result.ok ? 'ok' : result.error?.kind)

describe('the statement', () => {
  it('is of the type that the wallet’s list of known messages has', () => {
    const { primaryType, types } = agentIssuingTypedData(domain, issuing)
    expect(encodeType(primaryType, types)).toBe(agentIssuingMessage.type)
  })

  it('comes back from JSON as it was, whatever it says', () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
    const any = fc.record({
      owner: fc.constant(issuing.owner),
      deviceId: bytes32,
      key: fc.uint8Array({ minLength: 64, maxLength: 64 }).map(bytes => Uint8Array.from(bytes)),
      version: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
      isOn: fc.boolean(),
      offers: fc.array(bytes32, { maxLength: 5 }),
      withdrawEvery: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    })
    fc.assert(
      fc.property(any, of => {
        const signature = signatureOf(of)
        const read = readSignedAgentIssuing(JSON.parse(JSON.stringify(json(of, signature))))
        expect(read).toEqual({ ok: true, value: { ...of, signature } })
        if (!read.ok) return
        const taken = { deviceId: of.deviceId, key: of.key, version: of.version - 1 }
        expect(checkAgentIssuing(domain, read.value, taken)).toEqual({ ok: true, value: of })
      }),
      { numRuns: 30 },
    )
  })

  it('is nobody else’s: no field, signer, chain or Market can be changed', () => {
    const changes: Partial<AgentIssuing>[] = [
      { owner: accountOf('thief') },
      { version: 6 },
      { isOn: false },
      { offers: [] },
      { withdrawEvery: 0 },
    ]
    const signature = signatureOf(issuing)
    for (const change of changes) {
      const changed = { ...issuing, ...change, signature }
      expect([change, kindOf(checkAgentIssuing(domain, changed, holder))]).toEqual([
        change,
        'issuingNotSigned',
      ])
    }
    for (const where of [
      { ...domain, chainId: 1 },
      { ...domain, market: accountOf('another') },
    ]) {
      const signed = { ...issuing, signature: signatureOf(issuing, 'owner', where) }
      expect(kindOf(checkAgentIssuing(domain, signed, holder))).toBe('issuingNotSigned')
    }
    const byThief = { ...issuing, signature: signatureOf(issuing, 'thief') }
    expect(kindOf(checkAgentIssuing(domain, byThief, holder))).toBe('issuingNotSigned')
  })

  it('is for one device, one agent’s key, and newer than the last', () => {
    const signed = { ...issuing, signature: signatureOf(issuing) }
    const check = (change: object) => kindOf(checkAgentIssuing(domain, signed, { ...holder, ...change }))
    expect(check({})).toBe('ok')
    expect(check({ deviceId: `0x${'d2'.repeat(32)}` })).toBe('issuingNotForUs')
    expect(check({ key: new Uint8Array(64).fill(8) })).toBe('issuingNotForUs')
    for (const version of [5, 6]) expect(check({ version })).toBe('issuingNotNewer')
  })

  it('is refused where a field is missing, of another form, or one too many, and never throws', () => {
    const good = json(issuing, signatureOf(issuing))
    for (const field of Object.keys(good)) {
      for (const value of [undefined, null, -1, '0x', 'x', [1], {}, 2 ** 60]) {
        const result = readSignedAgentIssuing({ ...good, [field]: value })
        expect([field, value, kindOf(result)]).toEqual([field, value, 'issuingMalformed'])
      }
    }
    expect(kindOf(readSignedAgentIssuing({ ...good, more: 1 }))).toBe('issuingMalformed')
    const many = Array.from({ length: 65 }, () => `0x${'00'.repeat(32)}`)
    expect(kindOf(readSignedAgentIssuing({ ...good, offers: many }))).toBe('issuingMalformed')
    fc.assert(
      fc.property(fc.anything(), value => {
        expect(readSignedAgentIssuing(value).ok).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})
