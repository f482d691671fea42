// Rules on their way from the owner to an agent: the owner's alone, for one agent and account, and never older ones.
import fc from 'fast-check'
import { hashTypedData as viemHash } from 'viem'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { encodeType, hashTypedData } from '../../../src/core/eip712.ts'
import { signByKey } from '../../../src/core/voucher/channel.ts'
import {
  type AgentRules,
  agentRulesMessage,
  agentRulesTypedData,
  checkAgentRules,
  readSignedAgentRules,
} from '../../../src/core/wallet/agentRules.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { accountOf, domain, keyOf } from '../voucher/people.ts'

const statement: AgentRules = {
  owner: accountOf('owner'),
  agent: accountOf('agent'),
  deviceId: `0x${'d1'.repeat(32)}`,
  account: accountOf('account'),
  version: 2,
  rules: {
    ...noRules,
    ownUpdates: {
      isOn: true,
      token: accountOf('token'),
      perPayment: '1000000000000000001',
      perDay: '5000000000000000000',
      payees: [accountOf('seed')],
    },
  },
}
const { rules: _, ...names } = statement
const holder = { ...names, version: 1 }
const signedBy = (name: string, given: AgentRules, of = domain) => ({
  ...given,
  signature: signByKey(hashTypedData(agentRulesTypedData(of, given)), keyOf(name)),
})
const errorOf = (result: { ok: boolean; error?: unknown }) => (result.ok ? 'ok' : result.error)

describe('rules for an agent', () => {
  it('have the digest that viem makes', () => {
    const typed = agentRulesTypedData(domain, statement)
    expect(toHex(hashTypedData(typed))).toBe(viemHash(typed as unknown as Parameters<typeof viemHash>[0]))
    expect(encodeType(typed.primaryType, typed.types)).toBe(agentRulesMessage.type)
  })

  it('are taken from the owner', () => {
    expect(checkAgentRules(domain, signedBy('owner', statement), holder)).toEqual({
      ok: true,
      value: statement,
    })
  })

  it('are not taken from anybody else, nor changed, nor for another chain or contract', () => {
    const signed = signedBy('owner', statement)
    const wider = { ...statement.rules.ownUpdates, perDay: '5000000000000000001' }
    const changed = { ...signed, rules: { ...signed.rules, ownUpdates: wider } }
    const other = { ...signed, rules: { ...signed.rules, otherDevices: signed.rules.ownUpdates } }
    for (const each of [
      signedBy('agent', statement),
      changed,
      other,
      { ...signed, version: 3 },
      signedBy('owner', statement, { ...domain, chainId: 1 }),
      signedBy('owner', statement, { ...domain, paymentChannels: accountOf('x') }),
    ]) {
      expect(errorOf(checkAgentRules(domain, each, holder))).toMatchObject({ kind: 'rulesNotSigned' })
    }
  })

  it.each(['owner', 'agent', 'account', 'deviceId'] as const)('of another %s are not for us', field => {
    const value = field === 'deviceId' ? (`0x${'d2'.repeat(32)}` as const) : accountOf('x')
    const signed = signedBy('owner', { ...statement, [field]: value })
    expect(errorOf(checkAgentRules(domain, signed, holder))).toMatchObject({ kind: 'rulesNotForUs' })
  })

  it('that are not newer are refused, so that nobody brings back what the owner took back', () => {
    for (const version of [2, 3]) {
      expect(errorOf(checkAgentRules(domain, signedBy('owner', statement), { ...holder, version }))).toEqual({
        kind: 'rulesNotNewer',
        held: version,
        given: 2,
      })
    }
  })

  it('come back as they were from JSON', () => {
    const signed = signedBy('owner', statement)
    const json = JSON.parse(JSON.stringify({ ...signed, signature: toHex(signed.signature) }))
    expect(readSignedAgentRules(json)).toEqual({ ok: true, value: signed })
  })

  it('are refused in any other shape, and never throw', () => {
    const signed = { ...signedBy('owner', statement), signature: toHex(new Uint8Array(65)) }
    for (const change of [
      { version: 0 },
      { version: 1.5 },
      { owner: 'me' },
      { owner: accountOf('owner').toUpperCase() },
      { signature: '0x' },
      { more: 1 },
      { rules: { ...noRules, serving: { ...noRules.serving, perDay: '1e9' } } },
    ]) {
      expect(errorOf(readSignedAgentRules({ ...signed, ...change }))).toMatchObject({
        kind: 'rulesMalformed',
      })
    }
    fc.assert(
      fc.property(fc.anything(), json => {
        expect(readSignedAgentRules(json).ok).toBe(false)
      }),
    )
  })
})
