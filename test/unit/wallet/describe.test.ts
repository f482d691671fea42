// Every transaction and statement that Fob makes is put into a sentence; everything else is refused.
import { encodeFunctionData, maxUint256, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { deviceRegistryAbi } from '../../../contracts/generated/DeviceRegistry.ts'
import { firmwareRegistryAbi } from '../../../contracts/generated/FirmwareRegistry.ts'
import { type Address, type Hex, toHex } from '../../../src/core/bytes.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { handOverTypedData } from '../../../src/core/registry/deviceStatements.ts'
import type { SigningContext } from '../../../src/core/wallet/contracts.ts'
import { readRequest, type SigningRequest } from '../../../src/core/wallet/door.ts'
import {
  alice,
  bob,
  context,
  deviceRegistry,
  firmwareRegistry,
  stranger,
  token,
  transactionTo,
} from './signing.ts'

function sentenceOf(request: SigningRequest, within: SigningContext = context) {
  const read = readRequest(request, within)
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value.sentence
}

const warningsOf = (request: SigningRequest, within: SigningContext = context) => {
  const read = readRequest(request, within)
  return read.ok ? read.value.warnings.map(warning => warning.kind) : read.error
}

const refusal = (request: SigningRequest, within: SigningContext = context) => {
  const read = readRequest(request, within)
  return read.ok ? 'signed' : read.error.kind
}

const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const key = devicePublicKey(new Uint8Array(32).fill(9))
const deviceId = deviceIdOf(key)
const signature = { x: toHex(key.subarray(0, 32)), y: toHex(key.subarray(32)), r: word('5'), s: word('6') }

describe("the firmware registry's functions", () => {
  type Case = Parameters<typeof encodeFunctionData<typeof firmwareRegistryAbi>>[0]
  const encode = (call: Omit<Case, 'abi'>) =>
    encodeFunctionData({ abi: firmwareRegistryAbi, ...call } as Case)
  const modelId = word('7')

  it.each<[Omit<Case, 'abi'>, object]>([
    [
      { functionName: 'createModel', args: ['Lock', 'rev B', alice, bob] },
      { kind: 'createModel', name: 'Lock', hardware: 'rev B', releaseKey: alice, guardian: bob },
    ],
    [
      { functionName: 'publish', args: [modelId, word('8'), 258n, 3, '0x1234'] },
      { kind: 'publishRelease', modelId, channel: word('8'), version: 258n, minSecurityCounter: 3n },
    ],
    [
      { functionName: 'revoke', args: [modelId, word('9'), 2] },
      { kind: 'revokeFirmware', modelId, digest: word('9'), reason: 2n },
    ],
    [
      { functionName: 'attest', args: [modelId, word('9'), false, 'https://audit.example'] },
      { kind: 'attestFirmware', modelId, digest: word('9'), approves: false, uri: 'https://audit.example' },
    ],
    [
      { functionName: 'proposeReleaseKey', args: [modelId, alice] },
      { kind: 'changeModelKey', change: 'proposeReleaseKey', modelId, key: alice },
    ],
    [
      { functionName: 'acceptReleaseKey', args: [modelId] },
      { kind: 'changeModelKey', change: 'acceptReleaseKey', modelId, key: null },
    ],
    [
      { functionName: 'cancelReleaseKey', args: [modelId] },
      { kind: 'changeModelKey', change: 'cancelReleaseKey', modelId, key: null },
    ],
    [
      { functionName: 'setGuardian', args: [modelId, bob] },
      { kind: 'changeModelKey', change: 'setGuardian', modelId, key: bob },
    ],
  ])('%o', (call, expected) => {
    expect(sentenceOf(transactionTo(firmwareRegistry, encode(call)))).toEqual({
      contract: { address: firmwareRegistry, name: 'Firmware registry' },
      ...expected,
    })
  })

  it('each have a sentence of their own', () => {
    const writing = firmwareRegistryAbi.filter(
      item => item.type === 'function' && item.stateMutability === 'nonpayable',
    )
    expect(writing).toHaveLength(8)
  })
})

describe("the device registry's functions", () => {
  const send = (data: Hex) => sentenceOf(transactionTo(deviceRegistry, data))
  const contract = { address: deviceRegistry, name: 'Device registry' }

  it('claim names the device by the key that signed', () => {
    const data = encodeFunctionData({
      abi: deviceRegistryAbi,
      functionName: 'claim',
      args: [alice, word('7'), 1, 1_900_000_000, signature],
    })
    const expected = { account: alice, modelId: word('7'), deadline: 1_900_000_000n }
    expect(send(data)).toEqual({ kind: 'claimDevice', contract, deviceId, ...expected })
  })

  it('handOver', () => {
    const data = encodeFunctionData({
      abi: deviceRegistryAbi,
      functionName: 'handOver',
      args: [alice, bob, 2, 1_900_000_000, signature, '0x', '0x'],
    })
    const expected = { owner: null, newOwner: alice, newAccount: bob, deadline: 1_900_000_000n }
    expect(send(data)).toEqual({ kind: 'handOverDevice', contract, deviceId, ...expected })
  })

  it('fileConfig', () => {
    const config = {
      version: 3,
      issuerX: word('1'),
      issuerY: word('2'),
      attestorThreshold: 0x82,
      attestorKeys: '0x',
      epoch: 4,
      market: bob,
    } as const
    const data = encodeFunctionData({
      abi: deviceRegistryAbi,
      functionName: 'fileConfig',
      args: [config, signature],
    })
    expect(send(data)).toEqual({
      kind: 'fileConfig',
      contract,
      deviceId,
      version: 3n,
      epoch: 4n,
      attestorThreshold: 2n,
      mayAttestorsOpen: true,
      market: bob,
      issuerKey: `${word('1')}${word('2').slice(2)}`,
    })
  })

  it.each([
    [0, 'none'],
    [1, 'lost'],
    [2, 'stolen'],
  ])('report %i is "%s"', (value, report) => {
    const data = encodeFunctionData({
      abi: deviceRegistryAbi,
      functionName: 'report',
      args: [deviceId, value],
    })
    expect(send(data)).toEqual({ kind: 'reportDevice', contract, deviceId, report })
  })

  it('setUser names the device by its token', () => {
    const args = [BigInt(deviceId), alice, 5n] as const
    const data = encodeFunctionData({ abi: deviceRegistryAbi, functionName: 'setUser', args })
    expect(send(data)).toEqual({ kind: 'setDeviceUser', contract, deviceId, user: alice, expires: 5n })
  })
})

describe('statements', () => {
  const terms = {
    deviceId,
    owner: alice,
    newOwner: bob,
    newAccount: stranger,
    counter: 4,
    deadline: 1_900_000_000,
  }
  const domain = { chainId: 31337, registry: deviceRegistry }

  it.each([
    ['owner', 'handOverGiven', alice],
    ['newOwner', 'handOverAccepted', bob],
  ] as const)('of a hand-over by the %s name who must sign', (party, kind, account) => {
    const request = { kind: 'typedData', typedData: handOverTypedData(domain, terms, party) } as const
    const read = readRequest(request, context)
    expect(read).toMatchObject({ ok: true, value: { account, signer: 'account', maxFee: null } })
    expect(sentenceOf(request)).toMatchObject({ kind, deviceId, owner: alice, newOwner: bob })
  })

  it("of the device itself are not the wallet's to sign", () => {
    const typedData = handOverTypedData(domain, terms, 'device')
    expect(refusal({ kind: 'typedData', typedData })).toBe('unknownStatement')
  })

  const config = {
    domain: { name: 'Fob', version: '1', chainId: 31337, verifyingContract: deviceRegistry },
    types: {
      DeviceConfig: [
        { name: 'deviceId', type: 'bytes32' },
        { name: 'version', type: 'uint32' },
        { name: 'issuerX', type: 'bytes32' },
        { name: 'issuerY', type: 'bytes32' },
        { name: 'attestorThreshold', type: 'uint8' },
        { name: 'attestorKeys', type: 'bytes' },
        { name: 'epoch', type: 'uint32' },
        { name: 'market', type: 'address' },
      ],
    },
    primaryType: 'DeviceConfig',
    message: {
      deviceId,
      version: 1,
      issuerX: word('0'),
      issuerY: word('0'),
      attestorThreshold: 0,
      attestorKeys: '0x',
      epoch: 1,
      market: bob,
    },
  } as const

  it('of a Config are for the owner key', () => {
    const read = readRequest({ kind: 'typedData', typedData: config }, context)
    expect(read).toMatchObject({ ok: true, value: { signer: 'ownerKey', account: null } })
    expect(sentenceOf({ kind: 'typedData', typedData: config })).toMatchObject({
      kind: 'deviceConfig',
      version: 1n,
    })
  })

  it('with a field more, of another name or order of fields are not known', () => {
    const [first, ...rest] = config.types.DeviceConfig
    for (const fields of [
      [...config.types.DeviceConfig, { name: 'extra', type: 'bool' }],
      [...rest, first],
      [{ ...first, type: 'uint256' }, ...rest],
    ]) {
      const message = {
        ...config.message,
        extra: true,
        deviceId: fields[0]?.type === 'uint256' ? 1n : deviceId,
      }
      const typedData = { ...config, types: { DeviceConfig: fields }, message }
      expect(refusal({ kind: 'typedData', typedData })).toBe('unknownStatement')
    }
  })

  it.each([
    ['another name', { name: 'Bof' }, 'unknownStatement'],
    ['another version', { version: '2' }, 'unknownStatement'],
    ['another contract', { verifyingContract: firmwareRegistry }, 'unknownStatement'],
    ['a salt', { salt: word('1') }, 'unknownStatement'],
    ['another chain', { chainId: 1 }, 'wrongChain'],
  ])('in a domain with %s are refused', (_, change, kind) => {
    const typedData = { ...config, domain: { ...config.domain, ...change } }
    expect(refusal({ kind: 'typedData', typedData })).toBe(kind)
  })

  it('without a chain are refused', () => {
    const { chainId: _, ...domainWithout } = config.domain
    expect(refusal({ kind: 'typedData', typedData: { ...config, domain: domainWithout } })).toBe('wrongChain')
  })

  it('whose values do not fit are refused, as a mistake of whoever asks', () => {
    const typedData = { ...config, message: { ...config.message, version: -1 } }
    expect(refusal({ kind: 'typedData', typedData })).toBe('statementInvalid')
  })

  const permit = (value: bigint, change: object = {}) =>
    ({
      kind: 'typedData',
      typedData: {
        domain: { name: 'Test dollar', version: '1', chainId: 31337, verifyingContract: token, ...change },
        types: {
          Permit: [
            { name: 'owner', type: 'address' },
            { name: 'spender', type: 'address' },
            { name: 'value', type: 'uint256' },
            { name: 'nonce', type: 'uint256' },
            { name: 'deadline', type: 'uint256' },
          ],
        },
        primaryType: 'Permit',
        message: { owner: alice, spender: stranger, value, nonce: 0n, deadline: 1_900_000_000n },
      },
    }) as const

  it('of a permit name token, amount, spender and deadline', () => {
    expect(sentenceOf(permit(5_000_000n))).toEqual({
      kind: 'tokenPermit',
      contract: { address: token, name: 'Test dollar' },
      owner: alice,
      spender: { address: stranger, name: null },
      amount: { value: 5_000_000n, token, symbol: 'TUSD', decimals: 6 },
      isUnlimited: false,
      deadline: 1_900_000_000n,
    })
    expect(refusal(permit(1n, { name: 'Other dollar' }))).toBe('unknownStatement')
    expect(warningsOf(permit(maxUint256))).toEqual(['unlimitedApproval'])
  })
})

describe('money', () => {
  const erc20 = parseAbi([
    'function transfer(address to, uint256 value)',
    'function approve(address s, uint256 v)',
  ])

  it('a plain transfer says how much, to whom, and what it may cost', () => {
    const request = transactionTo(bob, '0x', { value: 7n })
    expect(readRequest(request, context)).toMatchObject({
      ok: true,
      value: {
        sentence: {
          kind: 'transfer',
          to: { address: bob, name: null },
          amount: { value: 7n, symbol: 'ETH' },
        },
        maxFee: { value: 1_000_000n, token: null },
        warnings: [],
      },
    })
  })

  it('a token transfer and an approval are in the token', () => {
    const amount = { value: 9n, token, symbol: 'TUSD', decimals: 6 }
    const transfer = encodeFunctionData({ abi: erc20, functionName: 'transfer', args: [bob, 9n] })
    expect(sentenceOf(transactionTo(token, transfer))).toMatchObject({
      kind: 'tokenTransfer',
      to: { address: bob },
      amount,
    })
    const approve = encodeFunctionData({ abi: erc20, functionName: 'approve', args: [deviceRegistry, 9n] })
    expect(sentenceOf(transactionTo(token, approve))).toMatchObject({
      kind: 'tokenApproval',
      spender: { address: deviceRegistry, name: 'Device registry' },
      amount,
      isUnlimited: false,
    })
  })

  it('an endless approval is warned of', () => {
    for (const value of [maxUint256, (1n << 96n) - 1n]) {
      const data = encodeFunctionData({ abi: erc20, functionName: 'approve', args: [bob, value] })
      expect(warningsOf(transactionTo(token, data))).toEqual(['unlimitedApproval'])
    }
  })

  it('to a look-alike, to nobody or to the token itself is warned of', () => {
    const poison: Address = `0x${'a'.repeat(4)}${'0'.repeat(32)}${'a'.repeat(4)}`
    const to = (address: Address) =>
      encodeFunctionData({ abi: erc20, functionName: 'transfer', args: [address, 1n] })
    expect(warningsOf(transactionTo(poison, '0x', { value: 1n }))).toEqual(['lookAlike'])
    expect(warningsOf(transactionTo(token, to(poison)))).toEqual(['lookAlike'])
    expect(warningsOf(transactionTo(token, to(`0x${'0'.repeat(40)}`)))).toEqual(['paysNobody'])
    expect(warningsOf(transactionTo(token, to(token)))).toEqual(['paysNobody'])
  })

  it('with a passed deadline is warned of', () => {
    const data = encodeFunctionData({
      abi: deviceRegistryAbi,
      functionName: 'claim',
      args: [alice, word('7'), 1, 1_799_999_999, signature],
    })
    expect(warningsOf(transactionTo(deviceRegistry, data))).toEqual(['deadlinePassed'])
  })

  it('a contract without sentences is described by its ABI', () => {
    const abi = parseAbi(['function order(uint256 offer, string note) payable'])
    const market = { chainId: 31337, address: stranger, name: 'Market', role: 'other', abi } as const
    const data = encodeFunctionData({ abi, functionName: 'order', args: [5n, 'two nights'] })
    const within = { ...context, contracts: [...context.contracts, market] }
    expect(sentenceOf(transactionTo(stranger, data, { value: 3n }), within)).toEqual({
      kind: 'contractCall',
      contract: { address: stranger, name: 'Market' },
      function: 'order',
      arguments: [
        { name: 'offer', type: 'uint256', value: 5n },
        { name: 'note', type: 'string', value: 'two nights' },
      ],
      amount: { value: 3n, token: null, symbol: 'ETH', decimals: 18 },
    })
  })
})

describe('refused without the expert switch, and said to be unknown with it', () => {
  const expert = { ...context, isExpert: true }

  it('a call of an unknown contract', () => {
    const request = transactionTo(stranger, '0xa9059cbb', { value: 2n })
    expect(refusal(request)).toBe('unknownContract')
    expect(sentenceOf(request, expert)).toMatchObject({ kind: 'unknownCall', data: '0xa9059cbb' })
  })

  it('an unknown function, and arguments that are not as compilers make them', () => {
    const known = encodeFunctionData({ abi: deviceRegistryAbi, functionName: 'report', args: [deviceId, 1] })
    for (const data of ['0xdeadbeef', `${known}00`, known.slice(0, -2)]) {
      expect(refusal(transactionTo(deviceRegistry, data))).toBe('unknownCall')
      expect(sentenceOf(transactionTo(deviceRegistry, data), expert).kind).toBe('unknownCall')
    }
  })

  it('a contract of another chain at the same address', () => {
    const elsewhere = { ...context, contracts: context.contracts.map(known => ({ ...known, chainId: 1 })) }
    const data = encodeFunctionData({ abi: deviceRegistryAbi, functionName: 'report', args: [deviceId, 1] })
    expect(refusal(transactionTo(deviceRegistry, data), elsewhere)).toBe('unknownContract')
  })
})

describe('refused whatever the switch', () => {
  const expert = { ...context, isExpert: true }

  it('another chain', () => {
    expect(refusal(transactionTo(bob, '0x', { chainId: 1 }), expert)).toBe('wrongChain')
  })

  it('an EIP-7702 delegation', () => {
    expect(refusal({ kind: 'delegation' }, expert)).toBe('delegationRefused')
  })

  it('coins for a function that takes none', () => {
    const data = encodeFunctionData({ abi: deviceRegistryAbi, functionName: 'report', args: [deviceId, 1] })
    expect(refusal(transactionTo(deviceRegistry, data, { value: 1n }), expert)).toBe('valueNotTaken')
  })

  it('numbers that make no transaction', () => {
    expect(refusal(transactionTo(bob, '0x', { gasLimit: 1n }), expert)).toBe('transactionInvalid')
  })
})
