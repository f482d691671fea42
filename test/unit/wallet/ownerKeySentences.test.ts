// What the owner key signs, in sentences: pairing, another owner key, a reset, Configs, grants; and nothing like them.
import { describe, expect, it } from 'vitest'
import { type Address, toHex } from '../../../src/core/bytes.ts'
import type { TypedData } from '../../../src/core/eip712.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { type Grant, GrantAction, grantTypedData } from '../../../src/core/lock/grant.ts'
import {
  factoryResetTypedData,
  ownerKeyChangeTypedData,
  pairingTypedData,
} from '../../../src/core/lock/pairing.ts'
import { configTypedData } from '../../../src/core/registry/deviceStatements.ts'
import { slotSet, VendUse, vendTermsTypedData } from '../../../src/core/vending/vendTerms.ts'
import { NOBODY } from '../../../src/core/wallet/contracts.ts'
import { readRequest } from '../../../src/core/wallet/door.ts'
import { alice, context, deviceRegistry, firmwareRegistry, stranger } from './signing.ts'

const ownerKey = devicePublicKey(new Uint8Array(32).fill(3))
const deviceId = deviceIdOf(devicePublicKey(new Uint8Array(32).fill(9)))
const domain = { chainId: 31337, registry: deviceRegistry }
const contract = { address: deviceRegistry, name: 'Device registry' }

const read = (typedData: TypedData) => readRequest({ kind: 'typedData', typedData }, context)

const grant: Grant = {
  deviceId,
  orderId: 0n,
  userKeyHash: new Uint8Array(32).fill(7),
  notBefore: 1_800_000_000,
  notAfter: 1_800_086_400,
  weeklyHours: new Uint8Array(21),
  maxUses: 16,
  actions: GrantAction.manage | GrantAction.own | GrantAction.withoutTime,
  epoch: 2,
  seq: 0,
}
const grantFor = (market = NOBODY, change: Partial<Grant> = {}) =>
  grantTypedData({ chainId: 31337, market }, { ...grant, ...change })

describe('statements of the owner key', () => {
  it.each([
    [
      pairingTypedData(domain, { deviceId, ownerKey, nonce: new Uint8Array(16).fill(1), pairingCounter: 1 }),
      { kind: 'pairDevice', contract, deviceId, ownerKey: toHex(ownerKey) },
    ],
    [
      ownerKeyChangeTypedData(domain, { deviceId, newOwnerKey: ownerKey, pairingCounter: 2 }),
      { kind: 'changeOwnerKey', contract, deviceId, newOwnerKey: toHex(ownerKey) },
    ],
    [
      factoryResetTypedData(domain, { deviceId, pairingCounter: 3 }),
      { kind: 'resetDevice', contract, deviceId },
    ],
    [
      configTypedData(domain, {
        deviceId,
        version: 4,
        issuerKey: ownerKey,
        attestors: { threshold: 1, keys: [ownerKey] },
        epoch: 5,
        market: alice,
      }),
      { kind: 'deviceConfig', contract, deviceId, version: 4n, epoch: 5n, issuerKey: toHex(ownerKey) },
    ],
  ])('are told apart and name the device (%#)', (typedData, sentence) => {
    expect(read(typedData)).toMatchObject({
      ok: true,
      value: { sentence, signer: 'ownerKey', account: null },
    })
  })

  it('are refused for another contract', () => {
    for (const registry of [firmwareRegistry, stranger, NOBODY]) {
      const typedData = factoryResetTypedData({ ...domain, registry }, { deviceId, pairingCounter: 3 })
      expect(read(typedData)).toMatchObject({ ok: false, error: { kind: 'unknownStatement' } })
    }
  })
})

describe('terms of a grant to vend', () => {
  const terms = { deviceId, grantDigest: new Uint8Array(32).fill(7), slots: slotSet([0, 2, 23]), perDay: 40 }
  const termsFor = (market: Address, use: VendUse) =>
    vendTermsTypedData({ chainId: domain.chainId, market }, { ...terms, use })

  it('say of which device, which slots, how much a day, and whether somebody has to have paid', () => {
    expect(read(termsFor(NOBODY, VendUse.free))).toMatchObject({
      value: {
        signer: 'ownerKey',
        sentence: {
          kind: 'vendTerms',
          contract: null,
          deviceId,
          use: 'free',
          slots: [0, 2, 23],
          perDay: 40n,
          grantDigest: toHex(terms.grantDigest),
        },
      },
    })
    const sold = { kind: 'vendTerms', use: 'sell', contract: { address: firmwareRegistry } }
    expect(read(termsFor(firmwareRegistry, VendUse.sell))).toMatchObject({ value: { sentence: sold } })
  })

  it('are refused for an unknown contract', () => {
    expect(read(termsFor(stranger, VendUse.sell))).toMatchObject({ error: { kind: 'unknownStatement' } })
  })
})

describe('a grant', () => {
  it('for a device that deals in no market says what it allows, to whom, until when, how often', () => {
    expect(read(grantFor())).toMatchObject({
      ok: true,
      value: {
        signer: 'ownerKey',
        sentence: {
          kind: 'deviceGrant',
          contract: null,
          deviceId,
          userKeyHash: toHex(grant.userKeyHash),
          actions: ['manage', 'own'],
          isWithoutTime: true,
          isAtHours: false,
          notAfter: 1_800_086_400n,
          maxUses: 16n,
        },
      },
    })
  })

  it('for a known contract names it', () => {
    const sentence = { kind: 'deviceGrant', contract: { address: firmwareRegistry } }
    expect(read(grantFor(firmwareRegistry))).toMatchObject({ ok: true, value: { sentence } })
  })

  it('says that it holds at some hours only', () => {
    const weeklyHours = new Uint8Array(21).fill(1)
    expect(read(grantFor(NOBODY, { weeklyHours }))).toMatchObject({
      value: { sentence: { isAtHours: true } },
    })
  })

  it('is refused for an unknown contract, with unknown actions, with none', () => {
    for (const typedData of [
      grantFor(stranger),
      grantFor(NOBODY, { actions: 0x10 | GrantAction.open }),
      grantFor(NOBODY, { actions: GrantAction.withoutTime }),
      { ...grantFor(), domain: { ...grantFor().domain, name: 'Bof' } },
    ]) {
      expect(read(typedData)).toMatchObject({ ok: false, error: { kind: 'unknownStatement' } })
    }
  })
})
