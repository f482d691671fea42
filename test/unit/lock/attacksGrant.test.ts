// Attacks on the right to open: each drives the real device over its link, with a grant or Config that almost holds.
import { p256 } from '@noble/curves/nist.js'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '../../../src/core/bytes.ts'
import { type Grant, GrantAction, grantDigest, type MarketDomain } from '../../../src/core/lock/grant.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { openSession } from '../../../src/core/lock/session.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { attest, blockWith, byProof, grantedLog, instantGrant, proofOf } from './grantedBlock.ts'
import {
  DOMAIN,
  fresh,
  ISSUER,
  kindOf,
  type LockWorld,
  MARKET,
  must,
  NOW,
  OWNER,
  outcomeOf,
  PHONE,
  RENTER,
  type SessionChange,
  STRANGER,
  type TestKey,
} from './lockWorld.ts'
import { letLock, rented, TWO_OF_THREE } from './rental.ts'

const { open, manage, own } = GrantAction

/** One lock for all that is refused: nothing of it is stored. */
let world: LockWorld
beforeAll(async () => {
  world = await letLock()
})

async function refused(change: SessionChange, reason: string): Promise<void> {
  expect(outcomeOf(await world.open(change))).toBe(reason)
}

/** A renter's grant, signed by somebody for some Market. */
function signed(
  grant: Partial<Grant>,
  { by = ISSUER, chainId = DOMAIN.chainId, market = MARKET }: Partial<MarketDomain> & { by?: TestKey } = {},
): SessionChange {
  const { grant: whole } = world.request(rented(grant))
  const signature = signDigest(grantDigest({ chainId, market }, whole), by.secret)
  return { ...rented(grant), authorisation: { by: 'issuer', market: MARKET, signature } }
}

describe('the lock stays shut for', () => {
  it('no payment: a grant that nobody signed, or the wrong one', async () => {
    const nobody = new Uint8Array(64)
    await refused(
      { ...rented(), authorisation: { by: 'issuer', market: MARKET, signature: nobody } },
      'authorisationInvalid',
    )
    for (const by of [RENTER, STRANGER, OWNER]) await refused(signed({}, { by }), 'authorisationInvalid')
    await refused({ grantSigner: STRANGER }, 'authorisationInvalid')
    await refused({ grantSigner: ISSUER }, 'authorisationInvalid')
  })

  it('a payment for another device', async () => {
    await refused(rented({ deviceId: `0x${'77'.repeat(32)}` }), 'authorisationInvalid')
  })

  it('a payment on another chain', async () => {
    await refused(signed({}, { chainId: DOMAIN.chainId + 1 }), 'authorisationInvalid')
  })

  it('a payment to another contract', async () => {
    await refused(signed({}, { market: `0x${'5e'.repeat(20)}` }), 'authorisationInvalid')
    await refused({ ...rented(), market: `0x${'5e'.repeat(20)}` }, 'authorisationInvalid')
    // And to none: only free grants of the owner's own need no Market.
    await refused({ ...rented(), market: `0x${'00'.repeat(20)}` }, 'authorisationInvalid')
    await refused({ grant: { orderId: 9n } }, 'authorisationInvalid')
  })

  it('a payment for another time: expired and not yet valid', async () => {
    await refused(rented({ notAfter: NOW }), 'expired')
    await refused(rented({ notAfter: NOW - 50 }), 'expired')
    await refused(rented({ notBefore: NOW + 60 }), 'notYet')
    await refused(rented({ notBefore: NOW + 60, notAfter: 2 ** 40 - 1 }), 'notYet')
  })

  it('a guest outside weekly hours', async () => {
    // NOW is a Friday, 08:00 UTC: hour 104 of the week.
    await refused(rented({ weeklyHours: hours(103, 105) }), 'outsideHours')
    await refused(rented({ weeklyHours: hours(0) }), 'outsideHours')
    const guest = await letLock()
    expect(outcomeOf(await guest.open(rented({ weeklyHours: hours(104) })))).toBe('done')
    guest.device.takeTime(NOW + 3600)
    expect(outcomeOf(await guest.open(rented({ weeklyHours: hours(104) })))).toBe('outsideHours')
  })

  it('a grant of one user opened by another', async () => {
    await refused(rented({ userKeyHash: keyHash(PHONE.publicKey) }), 'authorisationInvalid')
    // With the user's public key, which is no secret.
    const sign = async (digest: Bytes) => signDigest(digest, PHONE.secret)
    await refused({ ...rented(), user: { publicKey: RENTER.publicKey, sign } }, 'userSignatureInvalid')
  })

  it('an action that was not granted', async () => {
    await refused({ ...rented(), action: manage }, 'actionNotGranted')
    await refused({ grant: { actions: manage | own } }, 'actionNotGranted')
  })

  it.each([
    ['orderId', { orderId: 8n }],
    ['notBefore', { notBefore: NOW - 101 }],
    ['notAfter', { notAfter: NOW + 9999 }],
    ['weeklyHours', { weeklyHours: hours(104, 105) }],
    ['maxUses', { maxUses: 5 }],
    ['actions', { actions: open | manage }],
    ['epoch', { epoch: 5 }],
    ['seq', { seq: 5 }],
  ])('a grant whose fields differ from the order: %s', async (_, change) => {
    const request = world.request(rented())
    const changed = { ...request, grant: { ...request.grant, ...change } }
    expect(outcomeOf(await world.passing(openSession(world.client, changed)))).toBe('authorisationInvalid')
  })

  it('refund-and-enter: while money can go back, nothing that is signed opens', async () => {
    const shut = await letLock()
    // The Market takes a grant until a deadline that is not after notBefore, and refunds only after it: so up to the
    // deadline the grant does not open, and afterwards it is the owner's, who can hand it in himself.
    const deadline = NOW + 1800
    const stay = rented({ notBefore: deadline + 1 })
    expect(outcomeOf(await shut.open(stay))).toBe('notYet')
    shut.device.takeTime(deadline)
    expect(outcomeOf(await shut.open(stay))).toBe('notYet')
    // What is on chain of an order that is only in escrow proves nothing, even under the grant's own digest.
    const escrowed = grantedLog(instantGrant(shut), {
      topics: [`0x${'0d'.repeat(32)}`, ...grantedLog(instantGrant(shut)).topics.slice(1)],
    })
    const proof = proofOf(blockWith([{ logs: [escrowed] }]))
    expect(outcomeOf(await shut.open(byProof(proof)))).toBe('authorisationInvalid')
    // And whoever was refunded is shut out by the owner's next epoch.
    must(await shut.deliver({ version: 2, epoch: 1, attestors: TWO_OF_THREE }))
    shut.device.takeTime(deadline + 60)
    expect(outcomeOf(await shut.open(stay))).toBe('epochStale')
    expect(shut.opened).toBe(0)
  })

  it('uses beyond the last that was paid for, by whichever key', async () => {
    const spent = await letLock()
    const once = rented({ maxUses: 1 })
    expect(outcomeOf(await spent.open(once))).toBe('done')
    expect(outcomeOf(await spent.open(once))).toBe('usesSpent')
    await spent.cyclePower()
    spent.device.takeTime(NOW + 1)
    expect(outcomeOf(await spent.open(once))).toBe('usesSpent')
    expect(outcomeOf(await spent.open({ ...rented({ maxUses: 1, seq: 1 }), userKey: PHONE }))).toBe(
      'usesSpent',
    )
  })
})

describe('of the owner’s word the lock takes none that is old', () => {
  it('a stale epoch: what was granted under it is void', async () => {
    const lock = await letLock()
    expect(outcomeOf(await lock.open(rented({ epoch: 1 })))).toBe('done')
    must(await lock.deliver({ version: 2, epoch: 1, attestors: TWO_OF_THREE }))
    expect(outcomeOf(await lock.open(rented()))).toBe('epochStale')
    expect(outcomeOf(await lock.open())).toBe('epochStale')
    const proof = proofOf(blockWith([{ logs: [grantedLog(instantGrant(lock))] }]))
    expect(outcomeOf(await lock.open(byProof(proof)))).toBe('epochStale')
    expect(outcomeOf(await lock.open(rented({ epoch: 1 })))).toBe('done')
  })

  it('a stale Config, a Config skipping a version, and a Config with a lower epoch', async () => {
    const lock = await letLock()
    must(await lock.deliver({ version: 2, epoch: 3, attestors: TWO_OF_THREE }))
    expect(kindOf(await lock.deliver({ version: 1, attestors: TWO_OF_THREE }))).toBe('configVersionRefused')
    expect(kindOf(await lock.deliver({ version: 2, epoch: 4 }))).toBe('configVersionRefused')
    expect(kindOf(await lock.deliver({ version: 4, epoch: 4 }))).toBe('configVersionRefused')
    expect(kindOf(await lock.deliver({ version: 3, epoch: 2 }))).toBe('configEpochRefused')
    expect(kindOf(await lock.deliver({ version: 3, epoch: 3 }, STRANGER))).toBe('deviceRefusedSignature')
    expect(kindOf(await lock.deliver({ version: 3, epoch: 3 }, ISSUER))).toBe('deviceRefusedSignature')
    expect(await lock.ownership()).toMatchObject({ configVersion: 2, epoch: 3 })
    // Not after a power loss either.
    await lock.cyclePower()
    expect(kindOf(await lock.deliver({ version: 1, attestors: TWO_OF_THREE }))).toBe('configVersionRefused')
    must(await lock.deliver({ version: 3, epoch: 3, attestors: TWO_OF_THREE }))
  })
})

describe('signatures and keys', () => {
  it('with high s are refused: the user’s, the issuer’s, the owner’s, the attestors’', async () => {
    const sign = async (digest: Bytes) => highS(signDigest(digest, RENTER.secret))
    await refused({ ...rented(), user: { publicKey: RENTER.publicKey, sign } }, 'userSignatureInvalid')
    const { authorisation } = world.request(rented())
    if (authorisation.by === 'chain') throw new Error('a signature was meant')
    const { signature } = authorisation
    await refused(
      { ...rented(), authorisation: { ...authorisation, signature: highS(signature) } },
      'authorisationInvalid',
    )
    const pass = world.request()
    if (pass.authorisation.by === 'chain') throw new Error('a signature was meant')
    const owners = { ...pass.authorisation, signature: highS(pass.authorisation.signature) }
    await refused({ authorisation: owners }, 'authorisationInvalid')
    const block = blockWith([{ logs: [grantedLog(instantGrant(world))] }])
    const attestations = attest(block, [0, 1]).map(each => ({ ...each, signature: highS(each.signature) }))
    await refused(byProof(proofOf(block, 0, attestations)), 'authorisationInvalid')
  })

  it('that are malformed are refused: zeros, the order itself, all ones', async () => {
    const { n } = p256.Point.CURVE()
    const order = Uint8Array.from((n.toString(16).match(/../g) ?? []).map(pair => Number.parseInt(pair, 16)))
    const good = signDigest(new Uint8Array(32), ISSUER.secret)
    for (const signature of [
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
      Uint8Array.of(...order, ...good.subarray(32)),
      Uint8Array.of(...good.subarray(0, 32), ...order),
      Uint8Array.of(...good.subarray(0, 32), ...new Uint8Array(32)),
      Uint8Array.of(...new Uint8Array(32), ...good.subarray(32)),
    ]) {
      await refused(
        { ...rented(), authorisation: { by: 'issuer', market: MARKET, signature } },
        'authorisationInvalid',
      )
      const user = { publicKey: RENTER.publicKey, sign: async () => signature }
      await refused({ ...rented(), user }, 'userSignatureInvalid')
    }
  })

  it('that are points off the curve are refused', async () => {
    for (const publicKey of [
      new Uint8Array(64).fill(1),
      new Uint8Array(64),
      offByOne(RENTER.publicKey),
      new Uint8Array(64).fill(0xff),
    ]) {
      const user = { publicKey, sign: async (digest: Bytes) => signDigest(digest, RENTER.secret) }
      await refused(
        { ...rented({ userKeyHash: keyHash(publicKey) }), user, requestId: fresh(16) },
        'userSignatureInvalid',
      )
    }
    expect(world.opened).toBe(0)
  })
})

/** The other root: valid for ECDSA, and refused, so that nothing has two signatures. */
function highS(signature: Uint8Array): Bytes {
  const { n } = p256.Point.CURVE()
  const { r, s } = p256.Signature.fromBytes(signature, 'compact')
  return Uint8Array.from(new p256.Signature(r, n - s).toBytes('compact'))
}

function offByOne(publicKey: Uint8Array): Bytes {
  const key = Uint8Array.from(publicKey)
  key[63] = (key[63] ?? 0) ^ 1
  return key
}

/** Weekly hours in which these are granted. */
function hours(...granted: readonly number[]): Bytes {
  const bits = new Uint8Array(21)
  for (const hour of granted) bits[hour >> 3] = (bits[hour >> 3] ?? 0) | (0x80 >> (hour & 7))
  return bits
}
