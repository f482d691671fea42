// What the Market is asked: encoded as another library does, read back, and put into a sentence for every function.
import fc from 'fast-check'
import { type Abi, encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { marketAbi } from '../../../contracts/generated/Market.ts'
import { type Bytes, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import {
  fulfilCall,
  makeOfferCall,
  openHoursCall,
  orderCall,
  orderWithPermitCall,
  payOutCall,
  rebindCall,
  refundCall,
  setPausedCall,
} from '../../../src/core/registry/marketCalls.ts'
import { readOrder, readTerms } from '../../../src/core/registry/marketReading.ts'
import {
  keyRebindingTypedData,
  type OfferTerms,
  type Order,
  prepaidOrderTypedData,
  termsArgument,
} from '../../../src/core/registry/marketStatements.ts'
import { readCall } from '../../../src/core/wallet/abiShape.ts'
import { agentIssuingTypedData } from '../../../src/core/wallet/agentIssuing.ts'
import type { SigningContext } from '../../../src/core/wallet/contracts.ts'
import { readRequest } from '../../../src/core/wallet/door.ts'

const abi: Abi = marketAbi
const market: Hex = `0x${'a1'.repeat(20)}`
const token: Hex = `0x${'b2'.repeat(20)}`
const person: Hex = `0x${'c3'.repeat(20)}`
const deviceId: Hex = `0x${'d4'.repeat(32)}`
const userKeyHash: Hex = `0x${'e5'.repeat(32)}`

const terms: OfferTerms = {
  deviceId,
  owner: person,
  token: null,
  price: 2_000_000_000_000_000n,
  unit: 'night',
  isInstant: false,
  slot: 0,
  maxQuantity: 7,
  slotHours: 20,
  startHour: 15,
  utcOffset: -210,
  fulfilWithin: 86_400,
  weeklyHours: new Uint8Array(21),
  maxUses: 0,
  actions: 1,
  legalHash: `0x${'00'.repeat(32)}`,
  shares: [
    { payee: person, amount: 1_500_000_000_000_000n },
    { payee: market, amount: 500_000_000_000_000n },
  ],
}
const order: Order = {
  offerId: `0x${'f6'.repeat(32)}`,
  payer: person,
  userKeyHash,
  start: 1_800_000_000,
  quantity: 2,
  nonce: 77n,
  validUntil: 0,
}
const { offerId: _, ...ordered } = order
const context: SigningContext = {
  chainId: 31337,
  coin: { symbol: 'ETH', decimals: 18 },
  contracts: [{ chainId: 31337, address: market, name: 'Market', role: 'market', abi: marketAbi }],
  tokens: [{ chainId: 31337, address: token, name: 'Demo', symbol: 'DEMO', decimals: 6 }],
  knownAddresses: [],
  isExpert: false,
  now: 1_790_000_000,
}

const asArgument = (value: OfferTerms) => termsArgument(value)
const theirs = (functionName: string, args: readonly unknown[]) =>
  encodeFunctionData({ abi, functionName, args })

function sentenceOf(data: Uint8Array, value = 0n) {
  const transaction = {
    chainId: 31337,
    nonce: 0,
    to: market,
    value,
    data: Uint8Array.from(data),
    gasLimit: 100_000n,
    maxFeePerGas: 1n,
    maxPriorityFeePerGas: 0n,
  }
  const read = readRequest({ kind: 'transaction', transaction }, context)
  return read.ok ? read.value.sentence : read.error
}

describe('calls of the Market', () => {
  const open = [3n, (1n << 128n) - 1n]
  const rs = new Uint8Array(64).fill(9)
  const half = toHex(rs.subarray(0, 32))
  const permit = { value: 5n, deadline: 1_900_000_000n, signature: new Uint8Array(65).fill(27) }
  const sevens: Hex = `0x${'1b'.repeat(32)}`
  test.each([
    ['makeOffer', makeOfferCall(terms, { firstWord: 3900, open }), [asArgument(terms), 3900, open]],
    ['setPaused', setPausedCall(terms, true), [asArgument(terms), true]],
    ['openHours', openHoursCall(deviceId, { firstWord: 3900, open }), [deviceId, 3900, open]],
    ['order', orderCall(terms, order), [asArgument(terms), ordered]],
    [
      'orderWithPermit',
      orderWithPermitCall(terms, order, permit),
      [asArgument(terms), ordered, { ...permit, v: 27, r: sevens, s: sevens }],
    ],
    ['rebind', rebindCall(terms, order, userKeyHash, 1), [asArgument(terms), ordered, userKeyHash, 1, '0x']],
    ['refund', refundCall(terms, order), [asArgument(terms), ordered]],
    ['fulfil', fulfilCall(terms, order, rs), [asArgument(terms), ordered, half, half]],
    [
      'payOut',
      payOutCall([terms, { ...terms, shares: [] }], null, person),
      [[asArgument(terms), asArgument({ ...terms, shares: [] })], `0x${'00'.repeat(20)}`, person],
    ],
  ] as const)('%s is encoded as another library does', (name, ours, args) => {
    expect(toHex(ours)).toBe(theirs(name, args))
  })

  test('terms and orders are read back from a call as they were put into it', () => {
    const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
    const small = (bits: number) => uint(bits).map(Number)
    const hex = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map(bytes => toHex(Uint8Array.from(bytes)))
    const anyTerms = fc.record({
      deviceId: hex(32),
      owner: hex(20),
      token: fc.option(hex(20).filter(address => !/^0x0*$/.test(address))),
      price: uint(96),
      unit: fc.constantFrom('hour', 'night', 'stay', 'product'),
      isInstant: fc.boolean(),
      slot: small(16),
      maxQuantity: small(16),
      slotHours: small(16),
      startHour: small(8),
      utcOffset: fc.integer({ min: -32768, max: 32767 }),
      fulfilWithin: small(32),
      weeklyHours: fc.uint8Array({ minLength: 21, maxLength: 21 }).map(bytes => Uint8Array.from(bytes)),
      maxUses: small(16),
      actions: small(8),
      legalHash: hex(32),
      shares: fc.array(fc.record({ payee: hex(20), amount: uint(96) }), { maxLength: 4 }),
    })
    const anyOrder = fc.record({
      offerId: hex(32),
      payer: hex(20),
      userKeyHash: hex(32),
      start: small(40),
      quantity: small(16),
      nonce: uint(64),
      validUntil: small(40),
    })
    fc.assert(
      fc.property(anyTerms, anyOrder, (given, { offerId, ...rest }) => {
        const call = readCall(marketAbi, orderCall(given, { offerId, ...rest }))
        const value = (name: string) => call?.arguments.find(argument => argument.name === name)?.value
        expect(readTerms(value('terms'))).toEqual(given)
        expect(readOrder(value('ordered'))).toEqual(rest)
      }),
      { numRuns: 60 },
    )
  })
})

describe('sentences of the Market', () => {
  test('an order says what leaves, for what and for when', () => {
    expect(sentenceOf(orderCall(terms, order), 4_000_000_000_000_000n)).toMatchObject({
      kind: 'placeOrder',
      deviceId,
      amount: { value: 4_000_000_000_000_000n, token: null },
      notBefore: 1_800_000_000n,
      notAfter: BigInt(1_800_000_000 + (24 + 20) * 3600),
      quantity: 2n,
    })
  })

  test('an order of a token says so, and one of a token without known decimals has no words of ours', () => {
    const inToken = { ...terms, token, price: 3_000_000n }
    expect(sentenceOf(orderCall(inToken, order))).toMatchObject({
      kind: 'placeOrder',
      amount: { value: 6_000_000n, symbol: 'DEMO' },
    })
    const unknown = { ...terms, token: deviceId.slice(0, 42) as Hex }
    expect(sentenceOf(orderCall(unknown, order))).toMatchObject({ kind: 'contractCall', function: 'order' })
  })

  test('coins that are not the price are not put into our words', () => {
    expect(sentenceOf(orderCall(terms, order), 1n)).toMatchObject({ kind: 'contractCall' })
  })

  test.each([
    ['makeOffer', makeOfferCall(terms, { firstWord: 0, open: [] }), { opensHours: false, shares: 2n }],
    ['pauseOffer', setPausedCall(terms, true), { isPaused: true }],
    ['bindKey', rebindCall(terms, order, userKeyHash, 1), { userKeyHash }],
    ['refundOrder', refundCall(terms, order), { returned: { value: 4_000_000_000_000_000n } }],
    [
      'fulfilOrder',
      fulfilCall(terms, order, new Uint8Array(64)),
      { earned: { value: 4_000_000_000_000_000n } },
    ],
    ['payOut', payOutCall([terms], token, person), { account: person, token: { name: 'Demo' } }],
    ['openHours', openHoursCall(deviceId, { firstWord: 1, open: [1n] }), { deviceId }],
  ] as const)('%s', (kind, data, fields) => {
    expect(sentenceOf(data)).toMatchObject({ kind, ...fields })
  })

  test('every function that changes something has a sentence of its own', () => {
    const samples: Readonly<Record<string, unknown>> = {
      'uint32 firstWord': 1,
      'uint128[] open': [1n],
    }
    const dummy = (type: string): unknown => {
      if (type.endsWith('[]')) return []
      if (type === 'bool') return true
      if (type === 'address') return `0x${'00'.repeat(20)}`
      if (type === 'bytes') return '0x'
      const fixed = /^bytes(\d+)$/.exec(type)
      if (fixed) return `0x${'00'.repeat(Number(fixed[1]))}`
      return Number(/\d+/.exec(type)?.[0] ?? 256) > 48 ? 1n : 1
    }
    interface Input {
      readonly name: string
      readonly type: string
      readonly components?: readonly Input[]
    }
    const value = ({ name, type, components }: Input): unknown => {
      if (name === 'terms') return asArgument(terms)
      if (name === 'ordered') return ordered
      if (type === 'tuple')
        return Object.fromEntries((components ?? []).map(part => [part.name, value(part)]))
      return samples[`${type} ${name}`] ?? dummy(type)
    }
    const names: string[] = []
    for (const item of abi) {
      if (item.type !== 'function' || item.stateMutability === 'view' || item.stateMutability === 'pure')
        continue
      const data = fromHex(theirs(item.name, (item.inputs as readonly Input[]).map(value)))
      const sent = item.name === 'order' ? 4_000_000_000_000_000n : 0n
      names.push(item.name)
      const sentence = sentenceOf(data as Bytes, sent)
      // With a permit the coin is never paid: what would fail has no words of ours.
      const isOdd = item.name === 'orderWithPermit'
      expect(sentence.kind === 'contractCall', item.name).toBe(isOdd)
    }
    expect(names.length).toBeGreaterThan(14)
  })

  test('statements for the Market: who signs, and what for', () => {
    const domain = { chainId: 31337, market }
    const read = (typedData: Parameters<typeof readRequest>[0] & { kind: 'typedData' }) =>
      readRequest(typedData, context)
    const prepaid = read({ kind: 'typedData', typedData: prepaidOrderTypedData(domain, terms, order) })
    expect(prepaid).toMatchObject({
      value: { signer: 'account', sentence: { kind: 'prepaidOrder', deviceId } },
    })
    const rebinding = keyRebindingTypedData(domain, { orderId: deviceId, userKeyHash, seq: 1 })
    expect(read({ kind: 'typedData', typedData: rebinding })).toMatchObject({
      value: { signer: 'account', sentence: { kind: 'keyRebinding', userKeyHash } },
    })
    const issuing = agentIssuingTypedData(domain, {
      owner: person,
      deviceId,
      key: new Uint8Array(64).fill(7),
      version: 3,
      isOn: false,
      offers: [],
      withdrawEvery: 0,
    })
    expect(read({ kind: 'typedData', typedData: issuing })).toMatchObject({
      value: { signer: 'account', account: person, sentence: { kind: 'agentIssuing', isOn: false } },
    })
  })
})
