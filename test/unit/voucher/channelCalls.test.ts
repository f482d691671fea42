// Calls of PaymentChannels: the bytes that another encoder of the ABI makes, and what the wallet says of them before it signs.
import fc from 'fast-check'
import { encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { paymentChannelsAbi as abi } from '../../../contracts/generated/PaymentChannels.ts'
import { type Address, type Bytes, type Hex, toHex } from '../../../src/core/bytes.ts'
import type { ChannelTerms } from '../../../src/core/voucher/channel.ts'
import {
  claimCall,
  closeCall,
  finishExitCall,
  openCall,
  startExitCall,
  topUpCall,
  withdrawCall,
} from '../../../src/core/voucher/channelCalls.ts'
import { NOBODY, type SigningContext } from '../../../src/core/wallet/contracts.ts'
import { describeCall } from '../../../src/core/wallet/describeCall.ts'
import type { Transaction } from '../../../src/core/wallet/transaction.ts'
import { accountOf, domain, terms, voucher } from './people.ts'

const token = accountOf('token')
const context: SigningContext = {
  chainId: domain.chainId,
  coin: { symbol: 'ETH', decimals: 18 },
  contracts: [
    {
      chainId: domain.chainId,
      address: domain.paymentChannels,
      name: 'PaymentChannels',
      role: 'paymentChannels',
      abi,
    },
  ],
  tokens: [{ chainId: domain.chainId, address: token, name: 'Demo', symbol: 'DEMO', decimals: 6 }],
  knownAddresses: [],
  isExpert: false,
  now: 1_800_000_000,
}

function sentenceOf(data: Bytes, value = 0n) {
  const to = domain.paymentChannels
  const transaction: Transaction = {
    chainId: domain.chainId,
    to,
    value,
    data,
    nonce: 0,
    gasLimit: 21_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
  }
  const read = describeCall(transaction, context)
  return read.kind === 'read' ? read.sentence : read
}

const struct = (of: ChannelTerms) => ({ ...of, token: of.token ?? NOBODY })

test('each call is what another encoder makes of the contract’s ABI', () => {
  const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
  const address = hex(20) as fc.Arbitrary<Address>
  const anyTerms: fc.Arbitrary<ChannelTerms> = fc.record({
    payer: address,
    payee: address,
    signer: address,
    token: fc.option(address),
    exitDelay: fc.nat(2 ** 32 - 1),
    nonce: fc.bigInt(0n, 2n ** 64n - 1n),
  })
  const bytes = fc.uint8Array({ maxLength: 70 }).map(it => Uint8Array.from(it))
  const amounts = fc.bigInt(0n, 2n ** 104n - 1n)
  fc.assert(
    fc.property(anyTerms, amounts, bytes, bytes, (of, amount, signature, consent) => {
      const encode = (functionName: string, args: readonly unknown[]): Hex =>
        encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
      const { payee, signer, exitDelay, nonce } = of
      const asset = of.token ?? NOBODY
      const pairs: readonly (readonly [Bytes, Hex])[] = [
        [openCall(of, amount), encode('open', [payee, signer, asset, exitDelay, nonce, amount])],
        [topUpCall(of, amount), encode('topUp', [struct(of), amount])],
        [startExitCall(of), encode('startExit', [struct(of)])],
        [finishExitCall(of), encode('finishExit', [struct(of)])],
        [claimCall(of, { amount, signature }), encode('claim', [struct(of), amount, toHex(signature)])],
        [
          closeCall(of, { amount, voucher: signature, consent }),
          encode('close', [struct(of), amount, toHex(signature), toHex(consent)]),
        ],
        [withdrawCall(of.token, payee), encode('withdraw', [asset, payee])],
      ]
      for (const [ours, theirs] of pairs) expect(toHex(ours)).toBe(theirs)
    }),
    { numRuns: 40 },
  )
})

describe('sentences of PaymentChannels', () => {
  const payee = { address: terms.payee, name: null }
  const payer = { address: terms.payer, name: null }

  test.each([
    ['openChannel', openCall(terms, 5n), 5n, { to: payee, amount: { value: 5n }, exitDelay: 604_800n }],
    ['topUpChannel', topUpCall(terms, 6n), 6n, { to: payee, amount: { value: 6n } }],
    ['leaveChannel', startExitCall(terms), 0n, { to: payee, exitDelay: 604_800n }],
    ['emptyChannel', finishExitCall(terms), 0n, { to: payee, payer }],
    ['claimChannel', claimCall(terms, voucher(7n)), 0n, { to: payee, payer, amount: { value: 7n } }],
    [
      'closeChannel',
      closeCall(terms, { amount: 8n, voucher: voucher(8n).signature, consent: new Uint8Array() }),
      0n,
      { to: payee, payer, amount: { value: 8n } },
    ],
    ['payOut', withdrawCall(null, terms.payer), 0n, { to: payer, token: null, account: null }],
  ] as const)('%s', (kind, data, value, fields) => {
    expect(sentenceOf(data, value)).toMatchObject({ kind, ...fields })
  })

  test('coins that are not the named deposit are not put into our words', () => {
    expect(sentenceOf(openCall(terms, 5n), 4n)).toMatchObject({ kind: 'contractCall', function: 'open' })
    expect(sentenceOf(openCall({ ...terms, token }, 5n), 5n)).toMatchObject({ kind: 'contractCall' })
  })

  test('a token is told by its name, one that the network does not list by the bare call', () => {
    expect(sentenceOf(openCall({ ...terms, token }, 5n))).toMatchObject({ amount: { symbol: 'DEMO' } })
    const unknown = { ...terms, token: accountOf('unlisted') }
    expect(sentenceOf(openCall(unknown, 5n))).toMatchObject({ kind: 'contractCall' })
  })

  test('every function that changes something has a sentence of its own', () => {
    const changing = abi.filter(item => item.type === 'function' && item.stateMutability !== 'view')
    const named = ['open', 'topUp', 'startExit', 'finishExit', 'claim', 'close', 'withdraw']
    expect(
      changing.flatMap(item => ('name' in item && item.stateMutability !== 'pure' ? [item.name] : [])).sort(),
    ).toEqual(named.sort())
  })
})
