// What a transaction does: plain transfers, ERC-20, and the calls of Fob's contracts.
import { ATTESTORS_MAY_OPEN } from '../registry/deviceStatements.ts'
import { type AbiItem, type FunctionCall, readCall } from './abiShape.ts'
import {
  coinAmount,
  findContract,
  findToken,
  type KnownContract,
  type KnownToken,
  partyAt,
  type SigningContext,
  tokenAmount,
} from './contracts.ts'
import { channelSentence } from './describeChannels.ts'
import { tillSentence } from './describeKiosk.ts'
import { marketSentence } from './describeMarket.ts'
import { Named } from './namedArguments.ts'
import type { Party, Sentence } from './sentence.ts'
import type { Transaction } from './transaction.ts'

export type CallReading =
  | { readonly kind: 'read'; readonly sentence: Sentence }
  /** Nothing is known at the address, or it has no such function, or the data is not what compilers make. */
  | { readonly kind: 'unknown'; readonly isContractKnown: boolean }
  /** Coins for a function that takes none: the call would fail. */
  | { readonly kind: 'valueNotTaken' }

const address = (name: string) => ({ name, type: 'address' })
const uint256 = (name: string) => ({ name, type: 'uint256' })

const ERC20: readonly AbiItem[] = [
  { type: 'function', name: 'transfer', inputs: [address('to'), uint256('value')] },
  { type: 'function', name: 'approve', inputs: [address('spender'), uint256('value')] },
]

/** From here on an allowance never runs out: tokens like USDC count 2^96 - 1 as endless, most 2^256 - 1. */
export const UNLIMITED = (1n << 96n) - 1n

export function describeCall(transaction: Transaction, context: SigningContext): CallReading {
  const { to, value, data } = transaction
  const contract = findContract(context, to)
  const token = findToken(context, to)
  if (data.length === 0) {
    return read({ kind: 'transfer', to: partyAt(context, to), amount: coinAmount(context, value) })
  }
  if (!contract && !token) return { kind: 'unknown', isContractKnown: false }
  const call = readCall(contract?.abi ?? ERC20, data)
  if (!call) return { kind: 'unknown', isContractKnown: true }
  if (value > 0n && !call.isPayable) return { kind: 'valueNotTaken' }
  const sentence = contract
    ? contractSentence(contract, call, value, context)
    : token && tokenSentence(token, call, context)
  return read(
    sentence ?? {
      kind: 'contractCall',
      contract: partyAt(context, to),
      function: call.name,
      arguments: call.arguments,
      amount: coinAmount(context, value),
    },
  )
}

const read = (sentence: Sentence): CallReading => ({ kind: 'read', sentence })

function tokenSentence(token: KnownToken, call: FunctionCall, context: SigningContext): Sentence | undefined {
  const contract = { address: token.address, name: token.name }
  const args = new Named(call.arguments)
  const value = args.uint('value')
  if (call.name === 'transfer') {
    const to = partyAt(context, args.hex('to'))
    return args.checked({ kind: 'tokenTransfer', contract, to, amount: tokenAmount(token, value) })
  }
  const spender = partyAt(context, args.hex('spender'))
  const isUnlimited = value >= UNLIMITED
  return args.checked({
    kind: 'tokenApproval',
    contract,
    spender,
    amount: tokenAmount(token, value),
    isUnlimited,
  })
}

type Describe = (args: Named, contract: Party) => Sentence

const REPORTS = ['none', 'lost', 'stolen'] as const

const keyChange =
  (change: 'proposeReleaseKey' | 'acceptReleaseKey' | 'cancelReleaseKey' | 'setGuardian', field?: string) =>
  (args: Named, contract: Party): Sentence => ({
    kind: 'changeModelKey',
    contract,
    modelId: args.hex('modelId'),
    change,
    key: field === undefined ? null : args.hex(field),
  })

const SENTENCES: Readonly<
  Record<
    Exclude<KnownContract['role'], 'market' | 'paymentChannels' | 'tills'>,
    Readonly<Record<string, Describe>>
  >
> = {
  firmwareRegistry: {
    createModel: (args, contract) => ({
      kind: 'createModel',
      contract,
      name: args.text('name'),
      hardware: args.text('hardware'),
      releaseKey: args.hex('releaseKey'),
      guardian: args.hex('guardian'),
    }),
    publish: (args, contract) => ({
      kind: 'publishRelease',
      contract,
      modelId: args.hex('modelId'),
      channel: args.hex('channel'),
      version: args.uint('version'),
      minSecurityCounter: args.uint('minSecurityCounter'),
    }),
    revoke: (args, contract) => ({
      kind: 'revokeFirmware',
      contract,
      modelId: args.hex('modelId'),
      digest: args.hex('digest'),
      reason: args.uint('reason'),
    }),
    attest: (args, contract) => ({
      kind: 'attestFirmware',
      contract,
      modelId: args.hex('modelId'),
      digest: args.hex('digest'),
      approves: args.flag('approves'),
      uri: args.text('uri'),
    }),
    proposeReleaseKey: keyChange('proposeReleaseKey', 'newKey'),
    acceptReleaseKey: keyChange('acceptReleaseKey'),
    cancelReleaseKey: keyChange('cancelReleaseKey'),
    setGuardian: keyChange('setGuardian', 'guardian'),
  },
  deviceRegistry: {
    claim: (args, contract) => ({
      kind: 'claimDevice',
      contract,
      deviceId: args.signingDevice(),
      account: args.hex('account'),
      modelId: args.hex('modelId'),
      deadline: args.uint('deadline'),
    }),
    handOver: (args, contract) => ({
      kind: 'handOverDevice',
      contract,
      deviceId: args.signingDevice(),
      owner: null,
      newOwner: args.hex('newOwner'),
      newAccount: args.hex('newAccount'),
      deadline: args.uint('deadline'),
    }),
    fileConfig: (args, contract) => {
      const config = args.inner('config')
      return {
        kind: 'fileConfig',
        contract,
        deviceId: args.signingDevice(),
        version: config.uint('version'),
        epoch: config.uint('epoch'),
        ...readThreshold(config.uint('attestorThreshold')),
        market: config.hex('market'),
        issuerKey: config.pair('issuerX', 'issuerY'),
      }
    },
    report: (args, contract) => ({
      kind: 'reportDevice',
      contract,
      deviceId: args.hex('deviceId'),
      report: args.one(REPORTS, 'value'),
    }),
    setUser: (args, contract) => ({
      kind: 'setDeviceUser',
      contract,
      deviceId: args.word('tokenId'),
      user: args.hex('user'),
      expires: args.uint('expires'),
    }),
  },
  anchors: {
    anchor: (args, contract) => ({
      kind: 'anchorLog',
      contract,
      logId: args.hex('logId'),
      root: args.hex('root'),
      size: args.uint('size'),
    }),
  },
  other: {},
}

/** As `packThreshold` packs it. */
export const readThreshold = (packed: bigint) => ({
  attestorThreshold: packed % BigInt(ATTESTORS_MAY_OPEN),
  mayAttestorsOpen: packed >= BigInt(ATTESTORS_MAY_OPEN),
})

function contractSentence(
  contract: KnownContract,
  call: FunctionCall,
  value: bigint,
  context: SigningContext,
): Sentence | undefined {
  const party = { address: contract.address, name: contract.name }
  if (contract.role === 'market') return marketSentence(call, party, value, context)
  if (contract.role === 'tills') return tillSentence(call, party, context)
  if (contract.role === 'paymentChannels') return channelSentence(call, party, value, context)
  const sentences = SENTENCES[contract.role]
  const describe = Object.hasOwn(sentences, call.name) ? sentences[call.name] : undefined
  if (!describe) return undefined
  const args = new Named(call.arguments)
  return args.checked(describe(args, party))
}
