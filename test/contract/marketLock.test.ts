// What the Market emits is what a lock takes: orders of a real chain, opened on the reference device over its link.
import * as v from 'valibot'
import { keccak256, stringToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import { attestedHeaderDigest } from '../../src/core/lock/attestation.ts'
import { buildChainProof } from '../../src/core/lock/buildChainProof.ts'
import type { Grant } from '../../src/core/lock/grant.ts'
import { openLock } from '../../src/core/lock/openLock.ts'
import { keyHash } from '../../src/core/lock/ownership.ts'
import { tellTime } from '../../src/core/lock/tellTime.ts'
import { signDigest } from '../../src/core/p256.ts'
import {
  grantOfOrder,
  type OfferTerms,
  type Order,
  orderIdOf,
} from '../../src/core/registry/marketStatements.ts'
import { fresh, LockWorld, must, PHONE, RENTER, type TestKey } from '../unit/lock/lockWorld.ts'
import { ATTESTORS, TWO_OF_THREE } from '../unit/lock/rental.ts'
import { network, owners } from '../unit/lock/toldTime.ts'
import type { BlockOf } from './deployed.ts'
import { done, type Person } from './deviceRegistry.ts'
import { epoch, type Market, startMarket } from './market.ts'
import { configArgument, testDevice } from './testDevice.ts'

let market: Market
let lock: LockWorld
let owner: Person
let renter: Person
let orders = 0

beforeAll(async () => {
  market = await startMarket()
  const [first, second] = market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  renter = second
  // The same device, once as what signs claims and once as what opens.
  const device = testDevice('the lock')
  const { registry } = market
  const place = {
    key: keccak256(stringToBytes('device the lock'), 'bytes'),
    domain: registry.domain,
    market: market.domain.market,
  }
  lock = await LockWorld.start({}, undefined, place)
  expect(lock.deviceId).toBe(device.deviceId)
  must(await lock.pair())
  const terms = { epoch, issuerKey: testDevice('issuer').publicKey, attestors: TWO_OF_THREE }
  const taken = must(await lock.deliver(terms))
  // A lock that never knew the time takes the first from its owner, with the attestors.
  const now = await market.now()
  const source = { ...network(now), owner: owners(lock, now) }
  must(await lock.passing(tellTime(lock.client, { ...place, devicePublicKey: lock.devicePublicKey }, source)))
  done(await registry.claim(owner.address, device))
  // The registry files just what the device has signed for, with the bit that lets attestors open.
  const [x, y] = [lock.devicePublicKey.subarray(0, 32), lock.devicePublicKey.subarray(32)]
  const signature = {
    ...{ x: toHex(x), y: toHex(y) },
    ...{ r: toHex(taken.subarray(0, 32)), s: toHex(taken.subarray(32)) },
  }
  done(await registry.send(owner.address, 'fileConfig', [configArgument(lock.config(terms)), signature]))
})
afterAll(() => market?.stop())

const idOf = ({ publicKey }: TestKey): Hex => toHex(keyHash(publicKey))

/** Hours of this lock, and an order of the next one for the renter's phone. */
async function ordered(isInstant: boolean) {
  const device = testDevice('the lock')
  const terms = market.hoursOf(owner, device, { isInstant, maxUses: 3, legalHash: toHex(fresh(32)) })
  await market.offer(owner, device, terms)
  const start = await market.soon(2 + orders++)
  const order = await market.orderOf(terms, renter, { userKeyHash: idOf(RENTER), start })
  return { terms, order, ...done(await market.order(renter, terms, order)) }
}

const ask = (method: string, params: readonly unknown[]) =>
  market.client.request<{ Method: string; Parameters: readonly unknown[]; ReturnType: unknown }>({
    method,
    params,
  })

/** As the app does it, once the block is final: from what an endpoint gives, and what attestors sign. */
async function proofFrom({ number }: BlockOf) {
  const tag: Hex = `0x${number.toString(16)}`
  const block = await ask('eth_getBlockByNumber', [tag, false])
  const receipts = await ask('eth_getBlockReceipts', [tag])
  const { hash: text } = v.parse(v.object({ hash: v.string() }), block)
  const hash = fromHex(text) ?? new Uint8Array()
  const digest = attestedHeaderDigest({ chainId: market.domain.chainId, number, hash })
  const attestations = [1, 2].map(place => ({
    place,
    signature: signDigest(digest, ATTESTORS[place]?.secret ?? new Uint8Array()),
  }))
  return must(buildChainProof({ block, receipts, transactionIndex: 0, attestations, threshold: 2 }))
}

/** The outcome of opening in the hour that was ordered, the lock being told the time on the way. */
async function open(
  grant: Grant,
  by: { readonly proof: Uint8Array } | { readonly signature: Uint8Array },
  key: TestKey = RENTER,
): Promise<string> {
  const { market: address } = market.domain
  const opened = await lock.passing(
    openLock(lock.client, {
      ...{ domain: lock.place.domain, devicePublicKey: lock.devicePublicKey, grant, requestId: fresh(16) },
      authorisation:
        'proof' in by ? { by: 'chain', market: address, ...by } : { by: 'issuer', market: address, ...by },
      user: { publicKey: key.publicKey, sign: async digest => signDigest(digest, key.secret) },
      newEphemeralSecret: () => fresh(32),
      timeSource: network(grant.notBefore + 60),
    }),
  )
  if (opened.ok) return opened.value.result.status
  return opened.error.kind === 'openRefused' ? opened.error.reason : opened.error.kind
}

const grantOf = (terms: OfferTerms, order: Order, seq = 0, key: TestKey = RENTER): Grant =>
  grantOfOrder(terms, order, { epoch, seq, userKeyHash: idOf(key) })

test('an instant order opens by the proof of its event, and nobody else’s key does', async () => {
  const { terms, order, block } = await ordered(true)
  const proof = await proofFrom(block)
  expect(await open(grantOf(terms, order), { proof })).toBe('done')
  expect(await open(grantOf(terms, order, 0, PHONE), { proof }, PHONE)).toBe('authorisationInvalid')
  expect(await open({ ...grantOf(terms, order), maxUses: 0 }, { proof })).toBe('authorisationInvalid')
})

test('bound to another phone, the order opens by the next event, and shuts the lost phone out', async () => {
  const { terms, order, block } = await ordered(true)
  const before = await proofFrom(block)
  expect(await open(grantOf(terms, order), { proof: before })).toBe('done')
  const bound = done(await market.rebind(renter, terms, order, idOf(PHONE), 1, '0x'))
  expect(bound.events.map(({ name }) => name)).toContain('GrantedInstant')
  const proof = await proofFrom(bound.block)
  expect(await open(grantOf(terms, order, 1, PHONE), { proof }, PHONE)).toBe('done')
  expect(await open(grantOf(terms, order), { proof: before })).toBe('superseded')
  // Uses were three for the order, whichever phone.
  expect(await open(grantOf(terms, order, 1, PHONE), { proof }, PHONE)).toBe('done')
  expect(await open(grantOf(terms, order, 1, PHONE), { proof }, PHONE)).toBe('usesSpent')
})

test('an order in escrow opens by the signature that fulfilled it, as it stands in the event, and by no proof', async () => {
  const { terms, order, block } = await ordered(false)
  const grant = grantOf(terms, order)
  expect(await open(grant, { proof: await proofFrom(block) })).toBe('authorisationInvalid')
  const fulfilled = done(await market.fulfil(owner, terms, order))
  expect(await open(grant, { proof: await proofFrom(fulfilled.block) })).toBe('authorisationInvalid')
  const event = fulfilled.events.find(({ name }) => name === 'Fulfilled')
  const hex = v.custom<Hex>(value => typeof value === 'string' && fromHex(value) !== undefined)
  const { orderId, r, s } = v.parse(v.object({ orderId: hex, r: hex, s: hex }), event?.args)
  expect(orderId).toBe(orderIdOf(order))
  const signature = fromHex(`${r}${s.slice(2)}`) ?? new Uint8Array()
  expect(await open(grant, { signature })).toBe('done')
  const rebound = done(await market.rebind(renter, terms, order, idOf(PHONE), 1, '0x'))
  expect(await open(grantOf(terms, order, 1, PHONE), { proof: await proofFrom(rebound.block) }, PHONE)).toBe(
    'authorisationInvalid',
  )
})
