// The test vectors of docs/device-protocol.md for machines: made from fixed keys, compared with the stored file, and checked by other hands.
import path from 'node:path'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hashTypedData as viemHash } from 'viem'
import { expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { type Grant, GrantAction, grantDigest } from '../../../src/core/lock/grant.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import { encodeCbor } from '../../../src/core/smp/cbor.ts'
import { machineBody } from '../../../src/core/vending/machine.ts'
import { amountDue, meterTermsBody, meterVoucherBody } from '../../../src/core/vending/meterPart.ts'
import { orderIdBody, vendOrderBody } from '../../../src/core/vending/vendOrder.ts'
import { recordDigest, type VendRecord, vendRecordBody } from '../../../src/core/vending/vendRecord.ts'
import {
  METERED,
  slotSet,
  VendUse,
  vendTermsBody,
  vendTermsDigest,
} from '../../../src/core/vending/vendTerms.ts'
import { signByKey, voucherDigest } from '../../../src/core/voucher/channel.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'

const FILE = path.resolve(import.meta.dirname, '../../vectors/vending/machine-v1.json')

const secretOf = (byte: number) => new Uint8Array(32).fill(byte)
const DEVICE = secretOf(1)
const ISSUER = secretOf(4)
const KIOSK = secretOf(5)
const PAYER = secretOf(9)

const chainId = 31337
const market = `0x${'d2'.repeat(20)}` as const
const registry = `0x${'d1'.repeat(20)}` as const
const paymentChannels = `0x${'d3'.repeat(20)}` as const
const channelId = `0x${'c1'.repeat(32)}` as const
const deviceId = deviceIdOf(devicePublicKey(DEVICE))
const userKeyHash = keyHash(devicePublicKey(KIOSK))
const signer = addressOfKey(secp256k1.getPublicKey(PAYER, false))
const notAfter = 1_800_000_900

const grant: Grant = {
  ...{ deviceId, orderId: 0n, userKeyHash, notBefore: 1_800_000_000, notAfter: 1_831_536_000 },
  ...{ weeklyHours: new Uint8Array(21), maxUses: 0, actions: GrantAction.vend, epoch: 3, seq: 0 },
}
const domain = { chainId, market }
const terms = {
  deviceId,
  grantDigest: grantDigest(domain, grant),
  use: VendUse.sell,
  slots: slotSet([0, 1, 2, 23]),
  perDay: 500,
}
const meter = { channelId, signer, floor: 1000n, deposit: 5000n, price: 20n }
const voucherHash = voucherDigest({ chainId, paymentChannels }, { channelId, amount: 1100n })
const voucher = Uint8Array.from(signByKey(voucherHash, PAYER))

const base = {
  orderId: 1234n,
  slot: 2,
  quantity: 2,
  notAfter,
  cause: 'none',
  isAcknowledged: false,
  chainId,
  userKeyHash: null,
  signature: null,
} as const

const sale: VendRecord = {
  ...{ ...base, use: VendUse.sell, state: 'dropped', dropped: 1, cause: 'noDrop', counter: 17 },
  contract: market,
}
const refund: VendRecord = { ...sale, state: 'failed', dropped: 0, cause: 'jam', counter: 18 }
const free: VendRecord = {
  ...base,
  ...{ use: VendUse.free, dropped: 2, counter: 19, contract: registry, userKeyHash },
  state: 'dropped',
}
const run: VendRecord = {
  ...{ ...base, orderId: 77n, use: METERED, state: 'dropped', quantity: 5, dropped: 4, cause: 'stopped' },
  ...{ counter: 20, slot: 0, contract: paymentChannels, meter: { ...meter, paid: 1100n, voucher } },
}

function ended(record: VendRecord) {
  const digest = recordDigest(deviceId, record)
  const signature = signDigest(digest, DEVICE)
  const answer = encodeCbor(vendRecordBody({ ...record, signature }))
  return { digest: toHex(digest), signature: toHex(signature), answer: toHex(answer) }
}

function vectors() {
  const termsDigest = vendTermsDigest(domain, terms)
  const signature = signDigest(termsDigest, ISSUER)
  const products = [
    { slot: 0, unit: 'product', isChilled: true, fault: 'none' },
    { slot: 1, unit: 'product', isChilled: false, fault: 'jam' },
  ] as const
  const counts = { stock: 5, capacity: 8, given: 300, failed: 2 }
  return {
    about: 'docs/device-protocol.md, Vending. Secret keys are 32 equal bytes; all else in hexadecimal.',
    secretKeys: { device: toHex(DEVICE), issuer: toHex(ISSUER), kiosk: toHex(KIOSK), payer: toHex(PAYER) },
    domain: { chainId, market, registry, paymentChannels },
    deviceId,
    terms: {
      grantDigest: toHex(terms.grantDigest),
      digest: toHex(termsDigest),
      signature: toHex(signature),
      body: toHex(encodeCbor(vendTermsBody({ ...terms, signature }))),
    },
    order: toHex(encodeCbor(vendOrderBody(sale))),
    orderId: toHex(encodeCbor(orderIdBody(sale.orderId))),
    running: toHex(
      encodeCbor(vendRecordBody({ ...sale, state: 'running', dropped: 0, cause: 'none', counter: 0 })),
    ),
    sale: ended(sale),
    refund: ended(refund),
    free: ended(free),
    machine: toHex(
      encodeCbor(
        machineBody({
          slotCount: 24,
          reading: {
            slots: products.map(slot => ({ ...slot, ...counts })),
            ...{ isDoorOpen: false, temperature: 45, isTooWarm: false, isBusy: true, canStop: false },
            ...{ pendingReceipts: 1, receiptCounter: 17 },
            time: { time: 1_800_000_100, isTimeCertain: true },
          },
        }),
      ),
    ),
    meter: {
      start: toHex(
        encodeCbor({
          ...{
            ...orderIdBody(run.orderId),
            sl: 0,
            na: notAfter,
            ct: fromHex(paymentChannels) ?? new Uint8Array(),
          },
          ...meterTermsBody(meter),
        }),
      ),
      voucherDigest: toHex(voucherHash),
      voucher: toHex(
        encodeCbor({
          ...orderIdBody(run.orderId),
          ...meterVoucherBody({ amount: 1100n, signature: voucher }),
        }),
      ),
      ...ended(run),
    },
  }
}

it('are those of the stored file', async () => {
  await expect(`${JSON.stringify(vectors(), null, 2)}\n`).toMatchFileSnapshot(FILE)
})

const field = (name: string, type: string) => ({ name, type })

it('have the digests that another EIP-712 implementation computes, and signatures that hold', () => {
  const made = vectors()
  const hash = (
    verifyingContract: `0x${string}`,
    primaryType: string,
    fields: readonly { readonly name: string; readonly type: string }[],
    message: Record<string, unknown>,
  ) =>
    viemHash({
      domain: { name: 'Fob', version: '1', chainId, verifyingContract },
      types: { [primaryType]: fields },
      primaryType,
      message,
    } as Parameters<typeof viemHash>[0])
  const of = (quantity: number, outcome: number, counter: number) => ({
    ...{ deviceId, slot: 2, quantity, outcome, counter },
  })
  const tail = [field('slot', 'uint16'), field('quantity', 'uint16'), field('outcome', 'uint8')]
  const counter = field('counter', 'uint48')
  const sold = [field('deviceId', 'bytes32'), field('orderId', 'uint256'), ...tail, counter]
  const taken = [
    ...[field('deviceId', 'bytes32'), field('vendId', 'uint256'), field('userKeyHash', 'bytes32')],
    ...[...tail, counter],
  ]
  const metered = [
    ...[field('deviceId', 'bytes32'), field('runId', 'uint256'), field('channelId', 'bytes32')],
    ...[field('slot', 'uint16'), field('units', 'uint16'), field('amount', 'uint256'), counter],
  ]
  const allowed = [
    ...[field('deviceId', 'bytes32'), field('grantDigest', 'bytes32'), field('use', 'uint8')],
    ...[field('slots', 'bytes32'), field('perDay', 'uint16')],
  ]
  expect(made.sale.digest).toBe(hash(market, 'SaleReceipt', sold, { ...of(1, 1, 17), orderId: 1234n }))
  expect(made.refund.digest).toBe(hash(market, 'SaleReceipt', sold, { ...of(2, 2, 18), orderId: 1234n }))
  expect(made.free.digest).toBe(
    hash(registry, 'FreeVend', taken, { ...of(2, 1, 19), vendId: 1234n, userKeyHash: toHex(userKeyHash) }),
  )
  const amount = amountDue(meter, 4)
  expect(made.meter.digest).toBe(
    hash(paymentChannels, 'MeterReceipt', metered, {
      ...{ deviceId, runId: 77n, channelId, slot: 0, units: 4, amount, counter: 20 },
    }),
  )
  expect(made.terms.digest).toBe(
    hash(market, 'VendTerms', allowed, {
      ...{ ...terms, grantDigest: toHex(terms.grantDigest), slots: toHex(terms.slots) },
    }),
  )
  for (const { digest, signature } of [made.sale, made.refund, made.free, made.meter]) {
    const hashed = fromHex(digest) ?? new Uint8Array()
    expect(isDigestSignedBy(devicePublicKey(DEVICE), hashed, fromHex(signature) ?? new Uint8Array())).toBe(
      true,
    )
  }
})
