// Attacks on the proof from the chain: each drives the real device over its link, with evidence that almost holds.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Bytes, concat, type Hex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { type Attestation, attestedHeaderDigest } from '../../../src/core/lock/attestation.ts'
import { buildChainProof, takesProofs } from '../../../src/core/lock/buildChainProof.ts'
import {
  type ChainProof,
  decodeChainProof,
  encodeChainProof,
  LONGEST_PROOF,
  verifyChainProof,
} from '../../../src/core/lock/chainProof.ts'
import { type Grant, grantDigest } from '../../../src/core/lock/grant.ts'
import { sendLong } from '../../../src/core/lock/longMessage.ts'
import { LONGEST_OPEN } from '../../../src/core/lock/openMessage.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import {
  attest,
  blockWith,
  byProof,
  grantedLog,
  instantGrant,
  otherLog,
  proofOf,
  type TestBlock,
  type TestLog,
  type TestReceipt,
} from './grantedBlock.ts'
import {
  DOMAIN,
  kindOf,
  type LockWorld,
  MARKET,
  must,
  NOW,
  outcomeOf,
  PHONE,
  STRANGER,
  testKey,
} from './lockWorld.ts'
import { ATTESTORS, letLock, rented, TWO_OF_THREE } from './rental.ts'

/** One lock for all that is refused: nothing of it is stored. */
let world: LockWorld
let grant: Grant
beforeAll(async () => {
  world = await letLock()
  grant = instantGrant(world)
})

const FILLING: readonly TestReceipt[] = Array.from({ length: 20 }, (_, i) => ({
  type: i % 3 === 0 ? '0x0' : '0x2',
  logs: i % 4 === 0 ? [] : [otherLog(), otherLog(64)],
}))

/** A block in which the grant was bought by transaction `index`. */
function bought(index = 1, receipt: Partial<TestReceipt> = {}, time = {}): TestBlock {
  const receipts = [...FILLING]
  receipts[index] = { logs: [otherLog(), grantedLog(grant)], ...receipt }
  return blockWith(receipts, time)
}

const withLog = (change: Partial<TestLog>): Bytes =>
  proofOf(bought(1, { logs: [otherLog(), grantedLog(grant, change)] }), 1)

function parts(proof: Uint8Array): ChainProof {
  const decoded = decodeChainProof(proof)
  if (!decoded) throw new Error('no proof')
  return decoded
}

async function refused(proof: Uint8Array, change: Partial<Grant> = {}): Promise<void> {
  const before = world.opened
  expect(outcomeOf(await world.open(byProof(proof, change)))).toBe('authorisationInvalid')
  expect(world.opened).toBe(before)
}

describe('a chain proof opens', () => {
  it.each([
    ['wherever in the block its transaction stands', 0],
    ['behind the first', 1],
    ['and at the end of it', 19],
  ])('%s', async (_, index) => {
    const proof = proofOf(bought(index), index)
    const opened = must(await world.open(byProof(proof)))
    expect(opened.result).toMatchObject({ status: 'done', orderId: 7n })
    expect(proof.length).toBeLessThan(LONGEST_PROOF)
  })

  it('whichever two of three attestors have signed, and whatever else is in the block', async () => {
    const block = blockWith([{ logs: [grantedLog(grant)] }])
    for (const places of [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 1, 0],
    ]) {
      const opened = await world.open(byProof(proofOf(block, 0, attest(block, places))))
      expect(outcomeOf(opened), places.join()).toBe('done')
    }
  })

  it('with a buffer of 256 bytes, in parts', async () => {
    const small = await letLock({ bufSize: 256 })
    const block = blockWith([{ logs: [grantedLog(instantGrant(small))] }])
    expect(outcomeOf(await small.open(byProof(proofOf(block))))).toBe('done')
  })
})

describe('an attacker', () => {
  it('with no payment: an event of somebody else’s grant opens nothing', async () => {
    const other = { ...grant, orderId: 8n }
    await refused(proofOf(blockWith([{ logs: [grantedLog(other)] }])))
  })

  it('with a payment for another device', async () => {
    await refused(withLog({ topics: topics({ 1: `0x${'77'.repeat(32)}` }) }))
    const elsewhere = instantGrant(world, { deviceId: `0x${'77'.repeat(32)}` })
    await refused(proofOf(blockWith([{ logs: [grantedLog(elsewhere)] }])))
  })

  it('with a payment on another chain', async () => {
    const block = bought()
    await refused(proofOf(block, 1, attest(block, [0, 2], { chainId: DOMAIN.chainId + 1 })))
  })

  it('with a payment for another time', async () => {
    const proof = proofOf(bought(), 1)
    await refused(proof, { notAfter: NOW + 9000 })
    await refused(proof, { notBefore: NOW - 9000 })
  })

  it('with a look-alike event of another contract', async () => {
    await refused(withLog({ address: `0x${'5e'.repeat(20)}` }))
    await refused(withLog({ address: `0x${'00'.repeat(20)}` }))
  })

  it('with a look-alike event of the escrow path', async () => {
    // Of the same Market: money that may go back, or was not paid.
    const [, ...named] = topics()
    for (const event of [
      'Ordered(bytes32,bytes32,address,bytes32,uint40,uint16,uint64,uint40,uint40)',
      'Fulfilled(bytes32,bytes32,uint32,bytes32,bytes32)',
      'Rebound(bytes32,bytes32,uint32)',
      'GrantedInstant(bytes32,bytes32,bool)',
    ]) {
      await refused(withLog({ topics: [toHex(keccak_256(utf8(event))), ...named] }))
    }
  })

  it('with a look-alike event of other topics or with data', async () => {
    const all = topics()
    await refused(withLog({ topics: all.slice(0, 2) }))
    await refused(withLog({ topics: [...all, `0x${'00'.repeat(32)}`] }))
    await refused(withLog({ topics: [all[0], all[2], all[1]].filter(topic => topic !== undefined) }))
    await refused(withLog({ data: `0x${'00'.repeat(32)}` }))
    await refused(withLog({ topics: all.slice(0, 1), data: toHex(concat(...all.slice(1).map(bytesOf))) }))
  })

  it('with a failed transaction’s receipt', async () => {
    await refused(proofOf(bought(1, { status: '0x0' }), 1))
  })

  it('with a header with one attestor too few', async () => {
    const block = bought()
    const [one] = attest(block, [0])
    const built = buildChainProof({
      ...block,
      transactionIndex: 1,
      attestations: one ? [one] : [],
      threshold: 2,
    })
    expect(kindOf(built)).toBe('attestationsMissing')
    const proof = parts(proofOf(block, 1))
    await refused(encodeChainProof({ ...proof, attestations: one ? [one] : [] }))
    await refused(encodeChainProof({ ...proof, attestations: [] }))
  })

  it('with a header that has the same attestor twice', async () => {
    const block = bought()
    const [one] = attest(block, [0])
    const twice = one ? [one, one] : []
    expect(
      kindOf(buildChainProof({ ...block, transactionIndex: 1, attestations: twice, threshold: 2 })),
    ).toBe('attestationsMissing')
    const proof = parts(proofOf(block, 1))
    await refused(encodeChainProof({ ...proof, attestations: twice }))
    // Under another's place, and in the wrong order.
    await refused(
      encodeChainProof({ ...proof, attestations: twice.map((each, i) => ({ ...each, place: i })) }),
    )
    await refused(encodeChainProof({ ...proof, attestations: attest(block, [2, 0]) }))
    await refused(encodeChainProof({ ...proof, attestations: attest(block, [0, 1, 2]) }))
  })

  it('with attestors that the Config does not name', async () => {
    const block = bought()
    const keys = [STRANGER, ATTESTORS[1], testKey(50), testKey(51)]
    const proof = parts(proofOf(block, 1))
    for (const places of [
      [0, 1],
      [1, 2],
      [1, 3],
    ]) {
      await refused(encodeChainProof({ ...proof, attestations: attest(block, places, { keys }) }))
    }
  })

  it('with what attestors have signed for something else: the time, another height, another block', async () => {
    const block = bought()
    const proof = parts(proofOf(block, 1))
    const signing = (digest: Uint8Array): readonly Attestation[] =>
      [0, 2].map(place => ({
        place,
        signature: signDigest(digest, ATTESTORS[place]?.secret ?? new Uint8Array()),
      }))
    const { chainId } = DOMAIN
    for (const digest of [
      attestedHeaderDigest({ chainId, number: block.number + 1, hash: block.hash }),
      attestedHeaderDigest({ chainId, number: block.number, hash: bought(2).hash }),
      block.hash,
    ]) {
      await refused(encodeChainProof({ ...proof, attestations: signing(digest) }))
    }
  })

  it('with a wrong trie path: another transaction’s place, or another’s nodes', async () => {
    const block = bought()
    const proof = parts(proofOf(block, 1))
    await refused(encodeChainProof({ ...proof, transactionIndex: 2 }))
    await refused(encodeChainProof({ ...proof, transactionIndex: 0x80 }))
    const other = parts(proofOf(block, 2))
    await refused(encodeChainProof({ ...proof, nodes: other.nodes }))
    await refused(encodeChainProof({ ...proof, nodes: [...proof.nodes].reverse() }))
    await refused(encodeChainProof({ ...proof, nodes: [...proof.nodes, ...other.nodes.slice(-1)] }))
    await refused(encodeChainProof({ ...proof, nodes: proof.nodes.slice(1) }))
    // The leaf by itself: as though the receipt were the root.
    await refused(encodeChainProof({ ...proof, nodes: proof.nodes.slice(-1) }))
    await refused(encodeChainProof({ ...proof, nodes: [] }))
    // Of a block in which nothing of the kind happened.
    const { header, attestations } = parts(proofOf(blockWith(FILLING), 1))
    await refused(encodeChainProof({ ...proof, header, attestations }))
  })

  it('with a forged proof: a bit flipped at any byte', async () => {
    const proof = proofOf(blockWith([{ logs: [grantedLog(grant)] }, ...FILLING.slice(0, 2)]))
    const market = MARKET
    const digest = grantDigest({ chainId: DOMAIN.chainId, market }, grant)
    const { deviceId } = grant
    const subject = {
      chainId: DOMAIN.chainId,
      market,
      attestors: TWO_OF_THREE,
      deviceId,
      grantDigest: digest,
    }
    expect(verifyChainProof(proof, subject)).toEqual({ timestamp: NOW })
    for (let at = 0; at < proof.length; at++) {
      const forged = Uint8Array.from(proof)
      forged[at] = (forged[at] ?? 0) ^ (1 << (at % 8))
      expect(verifyChainProof(forged, subject), `byte ${at}`).toBeUndefined()
      // The device decides by the same: it is asked now and then.
      if (at % 32 === 0) await refused(forged)
    }
  }, 60_000)

  it('with a truncated proof, and with one that goes on', async () => {
    const proof = proofOf(bought(), 1)
    const { attestations, header } = parts(proof)
    const edges = [0, 1, 2, 66, 131, 132, 133, 133 + header.length, proof.length - 1]
    expect(attestations).toHaveLength(2)
    for (const length of [...edges, ...Array.from({ length: 12 }, (_, i) => i * 97)]) {
      if (length < proof.length) await refused(proof.subarray(0, length))
    }
    await refused(concat(proof, Uint8Array.of(0)))
  })

  it('with oversize evidence: refused before any of it is kept, and never cut to fit', async () => {
    const block = bought(1, { logs: [...Array(14)].map(() => otherLog(200)).concat(grantedLog(grant)) })
    const material = { ...block, transactionIndex: 1, attestations: attest(block, [0, 1]), threshold: 2 }
    expect(kindOf(buildChainProof(material))).toBe('proofTooLong')
    await expect(world.open(byProof(new Uint8Array(LONGEST_PROOF + 1)))).rejects.toThrow(RangeError)
    // What no honest phone sends: the device answers its first part.
    const long = sendLong(world.client, FobCommand.open, new Uint8Array(LONGEST_OPEN + 1))
    expect(await world.passing(long)).toMatchObject({ error: { kind: 'deviceError', rc: 2 } })
    expect(outcomeOf(await world.open(byProof(proofOf(bought(), 1))))).toBe('done')
  })

  it('with a proof while the owner has not let the attestors open', async () => {
    const shut = await letLock()
    const { mayOpen: _, ...timeOnly } = TWO_OF_THREE
    must(await shut.deliver({ version: 2, attestors: timeOnly }))
    const proof = proofOf(blockWith([{ logs: [grantedLog(instantGrant(shut))] }]))
    expect(outcomeOf(await shut.open(byProof(proof)))).toBe('authorisationInvalid')
    // Nor where there is nobody at all, or no Market.
    must(await shut.deliver({ version: 3, attestors: { threshold: 0, keys: [] } }))
    expect(outcomeOf(await shut.open(byProof(proof)))).toBe('authorisationInvalid')
    must(await shut.deliver({ version: 4, attestors: TWO_OF_THREE, market: `0x${'00'.repeat(20)}` }))
    expect(outcomeOf(await shut.open(byProof(proof)))).toBe('authorisationInvalid')
    expect(shut.opened).toBe(0)
  })

  it('with another’s grant, proven: only its user opens by it', async () => {
    const proof = proofOf(bought(), 1)
    expect(outcomeOf(await world.open({ ...byProof(proof), userKey: PHONE }))).toBe('authorisationInvalid')
    const lying = { publicKey: rentersKey(), sign: async (d: Uint8Array) => signDigest(d, PHONE.secret) }
    expect(outcomeOf(await world.open({ ...byProof(proof), user: lying }))).toBe('userSignatureInvalid')
  })

  it('with a proof of a grant that the owner has revoked since, or whose time is over', async () => {
    const ended = await letLock()
    const proof = proofOf(blockWith([{ logs: [grantedLog(instantGrant(ended))] }]))
    must(await ended.deliver({ version: 2, epoch: 1, attestors: TWO_OF_THREE }))
    expect(outcomeOf(await ended.open(byProof(proof)))).toBe('epochStale')
    const late = await letLock()
    late.device.takeTime(NOW + 7200)
    expect(outcomeOf(await late.open(byProof(proof)))).toBe('expired')
  })
})

describe('before anybody pays', () => {
  it('the app sees whether the device has room for a proof, and a device without it refuses it', async () => {
    expect(takesProofs(await world.ownership())).toBe(true)
    const small = await letLock({ lockMemory: new Uint8Array(2048) })
    expect(takesProofs(await small.ownership())).toBe(false)
    const proof = proofOf(bought(), 1)
    const longer = concat(proof, new Uint8Array(2000))
    expect(outcomeOf(await small.open(byProof(longer)))).toBe('deviceError')
    // By a signature it opens all the same.
    expect(outcomeOf(await small.open(rented()))).toBe('done')
  })
})

function topics(change: Readonly<Record<number, Hex>> = {}): readonly Hex[] {
  return grantedLog(grant).topics.map((topic, i) => change[i] ?? topic)
}

const bytesOf = (hex: Hex): Uint8Array =>
  Uint8Array.from((hex.slice(2).match(/../g) ?? []).map(pair => Number.parseInt(pair, 16)))

const rentersKey = () => world.request(rented()).user.publicKey
