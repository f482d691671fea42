// The whole wallet over a real node: the vault's signatures, the node's own rules, outcomes by proof from two endpoints.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/bytes.ts'
import type { Amount } from '../../../src/core/wallet/sentence.ts'
import { receiptOf } from '../../chain.ts'
import { ETHER } from '../../fixtures/scriptedChain.ts'
import {
  kindOf,
  networkConfig,
  type OpenWallet,
  owner,
  pay,
  proposed,
  sendCoins,
  WalletWorld,
} from '../../fixtures/walletWorld.ts'
import { startWalletFixture } from '../chain/walletFixture.ts'

let chain: Awaited<ReturnType<typeof startWalletFixture>>
let open: OpenWallet
let friend: Hex = '0x'
let count = 0

beforeAll(async () => {
  chain = await startWalletFixture()
})
afterAll(() => chain?.stop())

beforeEach(async () => {
  // Nobody that was paid before.
  friend = `0x${(++count).toString(16).padStart(2, '0').repeat(20)}`
  await chain.client.setBalance({ address: owner, value: 10n * ETHER })
  await chain.client.setAutomine(true)
  await chain.finalize()
  open = await openWallet()
  await open.refresh()
})

const openWallet = () =>
  new WalletWorld().open({
    config: networkConfig({
      contracts: { deviceRegistry: chain.registry },
      tokens: [{ address: chain.token, name: 'Demo Dollar', symbol: 'DUSD', decimals: 6 }],
    }),
    chain: async () => chain.wallet(),
  })

const balanceOf = (address: Hex): Promise<bigint> => chain.client.getBalance({ address })
const valueAt = (amounts: readonly Amount[] | null | undefined, index = 0) => amounts?.[index]?.value

describe('over a real node', () => {
  it('a payment is simulated, sent, and final by proof; what it did is in the activity', async () => {
    const proposal = await proposed(sendCoins(open, ETHER, friend))
    expect(proposal.sentence).toMatchObject({ kind: 'transfer', amount: { value: ETHER } })
    const sent = await open.wallet.confirm(proposal, 'normal')
    if (!sent.ok || sent.value.hash === null) throw new Error('not sent')
    await receiptOf(chain.client, sent.value.hash)
    await chain.finalize()
    await open.refresh()
    expect(open.payment(proposal.id).state).toMatchObject({ kind: 'final', evidence: { level: 'proven' } })
    expect(await balanceOf(friend)).toBe(ETHER)
    const [account] = open.wallet.accounts.get()
    expect(account?.evidence?.level).toBe('proven')
    expect(valueAt(account?.balances)).toBe(await balanceOf(owner))
    const { movements } = open.wallet.activity('owner').get()
    expect(movements.find(({ transaction }) => transaction === sent.value.hash)).toMatchObject({
      direction: 'out',
      amount: ETHER,
      counterparty: friend,
      succeeded: true,
    })
  })

  it('tokens are moved, and a transfer of more than there is is told before it is signed', async () => {
    await chain.onToken(chain.deployer.address, 'mint', owner, 5_000_000n)
    await chain.finalize()
    const proposal = await proposed(sendCoins(open, 2_000_000n, friend, chain.token))
    expect(proposal.sentence).toMatchObject({ kind: 'tokenTransfer', to: { address: friend } })
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('ok')
    await chain.finalize()
    await open.refresh()
    expect(open.payment(proposal.id).state.kind).toBe('final')
    const [account] = open.wallet.accounts.get()
    expect(valueAt(account?.balances, 1)).toBe(3_000_000n)
    expect(kindOf(await sendCoins(open, 3_000_001n, friend, chain.token))).toBe('notEnough')
  })

  it('everything leaves no more than the fee that was not used', async () => {
    const proposal = await proposed(sendCoins(open, 'all', friend))
    const atMost = valueAt(proposal.fees.map(fee => fee.atMost)) ?? 0n
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('ok')
    await chain.finalize()
    await open.refresh()
    expect(open.payment(proposal.id).state.kind).toBe('final')
    expect(await balanceOf(owner)).toBeLessThan(atMost)
    expect(await balanceOf(friend)).toBe(10n * ETHER - atMost)
  })

  it('one that waits is replaced by the node’s own rules, and paid once', async () => {
    await chain.client.setAutomine(false)
    const payment = await pay(open, ETHER, friend)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    const faster = await proposed(open.wallet.proposeSpeedUp(payment.id))
    const sent = await open.wallet.confirm(faster, 'normal')
    expect(sent).toMatchObject({ ok: true, value: { state: { kind: 'waiting' } } })
    await chain.client.setAutomine(true)
    await chain.finalize()
    await open.refresh()
    expect(open.payment(faster.id).state.kind).toBe('final')
    expect(open.payment(payment.id).state).toEqual({ kind: 'replaced', by: faster.id })
    expect(await balanceOf(friend)).toBe(ETHER)
  })

  it('one whose block was dropped waits again, and is sent again', async () => {
    const snapshot = await chain.client.snapshot()
    const payment = await pay(open, ETHER, friend)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('mined')
    await chain.client.revert({ id: snapshot })
    expect(await balanceOf(friend)).toBe(0n)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    await chain.finalize()
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('final')
    expect(await balanceOf(friend)).toBe(ETHER)
  })
})
