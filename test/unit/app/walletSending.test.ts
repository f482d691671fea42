// Sending money: what is proposed, what is refused, and what becomes of it, over the real vault and a chain that obeys the test.
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { parseTransaction } from '../../../src/core/wallet/transaction.ts'
import { ETHER, GWEI } from '../../fixtures/scriptedChain.ts'
import {
  dollar,
  friend,
  kindOf,
  networkConfig,
  type OpenWallet,
  owner,
  pay,
  proposed,
  sendCoins,
  WalletWorld,
} from '../../fixtures/walletWorld.ts'

async function rich(): Promise<{ world: WalletWorld; open: OpenWallet }> {
  const world = new WalletWorld()
  world.chain.fund(owner, 2n * ETHER)
  world.chain.fund(owner, 500_000_000n, dollar)
  const open = await world.open()
  await open.refresh()
  return { world, open }
}

describe('a proposal', () => {
  it('says what would happen, to whom, what it costs, and what is there before and after', async () => {
    const { open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    expect(proposal).toMatchObject({
      kind: 'transaction',
      from: { id: 'owner', address: owner },
      sentence: { kind: 'transfer', to: { address: friend }, amount: { value: ETHER, symbol: 'ETH' } },
      warnings: [],
      replaces: null,
    })
    expect(proposal.effects).toEqual([
      expect.objectContaining({
        id: 'owner',
        before: expect.objectContaining({ value: 2n * ETHER }),
        after: expect.objectContaining({ value: ETHER }),
      }),
    ])
    expect(proposal.fees.map(({ speed }) => speed)).toEqual(['slow', 'normal', 'fast'])
    for (const { expected, atMost } of proposal.fees) expect(atMost.value).toBeGreaterThan(expected.value)
    const [slow, , fast] = proposal.fees
    expect(fast?.atMost.value).toBeGreaterThan(slow?.atMost.value ?? 0n)
  })

  it('of tokens names the token, and shows its balance', async () => {
    const { open } = await rich()
    const proposal = await proposed(sendCoins(open, 5_000_000n, friend, dollar))
    expect(proposal.sentence).toMatchObject({ kind: 'tokenTransfer', to: { address: friend } })
    expect(proposal.effects).toEqual([
      expect.objectContaining({ after: expect.objectContaining({ value: 495_000_000n, symbol: 'DUSD' }) }),
    ])
  })

  it('of everything leaves no more than the fee that was not used', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, 'all'))
    const sent = await open.wallet.confirm(proposal, 'normal')
    expect(kindOf(sent)).toBe('ok')
    world.chain.mine()
    expect(world.chain.balance(friend)).toBeGreaterThan(2n * ETHER - 21_000n * 30n * GWEI)
    expect(world.chain.balance(owner)).toBeLessThan(21_000n * 30n * GWEI)
    const dollars = await proposed(sendCoins(open, 'all', friend, dollar)).catch((error: unknown) => error)
    // Nothing is left for the fee.
    expect(dollars).toEqual(new Error('refused: notEnough'))
  })

  it('is refused where there is too little, with how much is missing', async () => {
    const { open } = await rich()
    const tooMuch = await sendCoins(open, 2n * ETHER)
    expect(tooMuch).toMatchObject({ ok: false, error: { kind: 'notEnough' } })
    if (tooMuch.ok || tooMuch.error.kind !== 'notEnough') return
    expect(tooMuch.error.missing.value).toBeGreaterThan(0n)
    expect(tooMuch.error.missing.value).toBeLessThan(ETHER / 100n)
    expect(await sendCoins(open, 500_000_001n, friend, dollar)).toMatchObject({
      error: { kind: 'notEnough', missing: { value: 1n, symbol: 'DUSD' } },
    })
  })

  it('counts what is on its way as spent', async () => {
    const { open } = await rich()
    await pay(open, ETHER + ETHER / 2n)
    expect(kindOf(await sendCoins(open, ETHER))).toBe('notEnough')
    expect(kindOf(await sendCoins(open, ETHER / 4n))).toBe('ok')
  })

  it('counts what is in a block that is not final as spent, and once only when it is', async () => {
    const { world, open } = await rich()
    await pay(open, ETHER)
    await pay(open, ETHER / 2n)
    world.chain.mine()
    await open.refresh()
    // A chain of which the newest blocks are not proven yet, and that would let it pass.
    world.chain.lies = { simulate: async () => ({ ok: true, value: { gasLimit: 21_000n, changes: null } }) }
    expect(kindOf(await sendCoins(open, (ETHER * 6n) / 10n))).toBe('notEnough')
    world.chain.finalize()
    await open.refresh()
    expect(kindOf(await sendCoins(open, (ETHER * 6n) / 10n))).toBe('notEnough')
    expect(kindOf(await sendCoins(open, (ETHER * 4n) / 10n))).toBe('ok')
  })

  it.each([
    ['what reverts', async (world: WalletWorld) => void world.chain.reverting.add(friend), 'wouldRevert'],
    [
      'a chain with another id',
      async (world: WalletWorld) => {
        world.chain.lies = {
          readAccount: async () => ({ ok: false, error: { kind: 'wrongChain', endpoints: [] } }),
        }
      },
      'wrongChain',
    ],
    [
      'endpoints that contradict each other',
      async (world: WalletWorld) => {
        world.chain.lies = {
          simulate: async () => ({ ok: false, error: { kind: 'chainDisagrees', endpoints: [] } }),
        }
      },
      'chainDisagrees',
    ],
  ])('is refused for %s', async (_, change, kind) => {
    const { world, open } = await rich()
    await change(world)
    expect(kindOf(await sendCoins(open, 1n))).toBe(kind)
  })

  it('is refused for a contract, a call or a token that nobody knows, unless the person is an expert', async () => {
    const { open } = await rich()
    const call = { kind: 'call', from: 'owner', to: friend, value: 0n, data: '0x12345678' } as const
    expect(kindOf(await open.wallet.propose(call))).toBe('unknownContract')
    expect(kindOf(await sendCoins(open, 1n, friend, `0x${'cc'.repeat(20)}`))).toBe('unknownContract')
    await open.wallet.setExpert(true)
    expect(await proposed(open.wallet.propose(call))).toMatchObject({ sentence: { kind: 'unknownCall' } })
    expect(open.wallet.isExpert.get()).toBe(true)
    await open.wallet.setExpert(false)
    expect(kindOf(await open.wallet.propose(call))).toBe('unknownContract')
  })

  it('is refused where a number does not fit, and for an account or a device that is not ours', async () => {
    const { open } = await rich()
    expect(kindOf(await sendCoins(open, -1n))).toBe('transactionInvalid')
    expect(kindOf(await sendCoins(open, 1n << 256n, friend, dollar))).toBe('transactionInvalid')
    const odd = { kind: 'call', from: 'owner', to: friend, value: 0n, data: '0x123' } as const
    expect(kindOf(await open.wallet.propose(odd))).toBe('transactionInvalid')
    const other = { kind: 'send', from: 'device/7', to: friend, token: null, amount: 1n } as const
    expect(kindOf(await open.wallet.propose(other))).toBe('unknownAccount')
    const report = { kind: 'report', deviceId: `0x${'ab'.repeat(32)}`, report: 'lost' } as const
    expect(kindOf(await open.wallet.propose(report))).toBe('deviceNotOwned')
  })

  it('warns of an address that looks like one that was paid, and not of one that only paid us', async () => {
    const { world, open } = await rich()
    const poison = `0xb1b1b1${'0'.repeat(28)}b1b1b1` as const
    expect((await proposed(sendCoins(open, 1n, poison))).warnings).toEqual([])
    await pay(open, 1n)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    expect((await proposed(sendCoins(open, 1n, poison))).warnings).toEqual([
      expect.objectContaining({ kind: 'lookAlike', address: poison, known: friend }),
    ])
    expect((await proposed(sendCoins(open, 1n))).warnings).toEqual([])
  })

  it('warns also where the look-alike has sent us dust, or made a token say that we have paid it nothing', async () => {
    const { world, open } = await rich()
    await open.wallet.saveContact('Ann', friend)
    const poison = `0xb1b1b1${'0'.repeat(28)}b1b1b1` as const
    const dust = {
      at: 1,
      block: 1,
      transaction: null,
      token: null,
      counterparty: poison,
      fee: 0n,
      succeeded: true,
    }
    const movements = [
      { ...dust, id: 'a', direction: 'in', amount: 1n },
      { ...dust, id: 'b', direction: 'out', amount: 0n },
    ] as const
    world.chain.lies = {
      movementsOf: async () => ({ ok: true, value: { movements, fromBlock: 0, toBlock: 1 } }),
    }
    await open.wallet.readActivity('owner')
    expect(open.wallet.activity('owner').get().movements).toHaveLength(2)
    expect((await proposed(sendCoins(open, 1n, poison))).warnings).toMatchObject([{ kind: 'lookAlike' }])
  })

  it('warns of an address that looks like a contact’s, or like an own one', async () => {
    const { open } = await rich()
    await open.wallet.saveContact('Ann', `0x${'A7'.repeat(20)}`)
    const [likeAnn, likeOwn] = [
      `0xa7a7a7${'1'.repeat(28)}a7a7a7`,
      `0x${owner.slice(2, 8)}${'1'.repeat(28)}${owner.slice(-6)}`,
    ] as const
    for (const address of [likeAnn, likeOwn])
      expect((await proposed(sendCoins(open, 1n, address))).warnings).toMatchObject([{ kind: 'lookAlike' }])
  })

  it('takes no more of a tip than any chain has asked, whatever an endpoint says', async () => {
    const { world, open } = await rich()
    const absurd = 10n ** 20n
    world.chain.tips = { slow: absurd, normal: absurd, fast: absurd }
    const { fees } = await proposed(sendCoins(open, 1n))
    for (const { expected } of fees) expect(expected.value).toBeLessThan(ETHER / 10n)
    expect(fees.map(({ speed }) => speed)).toEqual(['normal'])
  })
})

describe('what is confirmed', () => {
  it('is signed with the fee that was chosen, sent, and final in the end', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    const sent = await open.wallet.confirm(proposal, 'fast')
    expect(sent).toMatchObject({ ok: true, value: { id: proposal.id, state: { kind: 'waiting' } } })
    expect(world.chain.pooled.map(({ transaction }) => transaction)).toEqual([
      expect.objectContaining({ to: friend, value: ETHER, nonce: 0, maxPriorityFeePerGas: 3n * GWEI }),
    ])
    world.chain.mine()
    await open.refresh()
    expect(open.payment(proposal.id).state).toMatchObject({ kind: 'mined' })
    world.chain.finalize()
    await open.refresh()
    expect(open.payment(proposal.id).state).toMatchObject({ kind: 'final', evidence: { level: 'proven' } })
    expect(world.chain.balance(friend)).toBe(ETHER)
  })

  it('needs the open vault, and is still good when it was opened', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    open.vault.lock()
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('vaultLocked')
    expect(world.chain.taken.size).toBe(0)
    expect(open.wallet.payments.get()).toEqual([])
  })

  it('is paid once, however often it is confirmed', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    const both = await Promise.all([
      open.wallet.confirm(proposal, 'normal'),
      open.wallet.confirm(proposal, 'fast'),
    ])
    expect(both.map(kindOf).sort()).toEqual(['ok', 'sendingElsewhere'])
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('proposalExpired')
    expect(world.chain.taken.size).toBe(1)
  })

  it('is what was shown: neither a copy with other words, nor what was looked at too long ago', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    expect(kindOf(await open.wallet.confirm({ ...proposal }, 'normal'))).toBe('proposalExpired')
    await open.timer.advance(120_000)
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('proposalExpired')
    expect(world.chain.taken.size).toBe(0)
  })

  it('is not signed where the expert switch that allowed it is off again', async () => {
    const { world, open } = await rich()
    await open.wallet.setExpert(true)
    const call = { kind: 'call', from: 'owner', to: friend, value: 0n, data: '0x12345678' } as const
    const proposal = await proposed(open.wallet.propose(call))
    await open.wallet.setExpert(false)
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('proposalExpired')
    expect(world.chain.taken.size).toBe(0)
  })

  it('is not signed where the chain has another id by now', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, ETHER))
    world.chain.lies = {
      nextNonce: async () => ({ ok: false, error: { kind: 'wrongChain', endpoints: [] } }),
    }
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('wrongChain')
    expect(world.chain.taken.size).toBe(0)
    expect(open.wallet.payments.get()).toEqual([])
  })

  it('is not signed where the network now calls the same bytes something else', async () => {
    const { world, open } = await rich()
    const proposal = await proposed(sendCoins(open, 5_000_000n, friend, dollar))
    const tokens = [{ address: dollar, name: 'Demo Dollar', symbol: 'DUSD', decimals: 18 }]
    open.network.set({ status: 'ready', config: networkConfig({ tokens }), fingerprint: '0x', change: null })
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('proposalExpired')
    expect(world.chain.taken.size).toBe(0)
  })

  it('is paid once where the disk stored it and said that it did not', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 2n * ETHER)
    let canForget = false
    const open = await world.open({
      disk: stores => ({
        ...stores,
        payments: {
          ...stores.payments,
          async put(record) {
            await stores.payments.put(record)
            throw new Error('the disk is odd')
          },
          async delete(key) {
            if (!canForget) throw new Error('the disk is odd')
            await stores.payments.delete(key)
          },
        },
      }),
    })
    const proposal = await proposed(sendCoins(open, ETHER))
    expect(kindOf(await open.wallet.confirm(proposal, 'normal'))).toBe('notStored')
    expect(await open.wallet.confirm(proposal, 'normal')).toMatchObject({
      ok: true,
      value: { id: proposal.id },
    })
    await open.refresh()
    expect(world.chain.taken.size).toBe(1)
    canForget = true
    const other = await proposed(sendCoins(open, 1n))
    expect(kindOf(await open.wallet.confirm(other, 'normal'))).toBe('notStored')
    await open.refresh()
    expect(world.chain.taken.size).toBe(1)
  })

  it('stays with its network where that changes meanwhile', async () => {
    const { world, open } = await rich()
    const truth = world.chain.api()
    let arrive = () => {}
    const isArrived = new Promise<void>(resolve => {
      arrive = resolve
    })
    world.chain.lies = {
      async broadcast(raw) {
        await isArrived
        world.chain.lies = {}
        return truth.broadcast(raw)
      },
    }
    const confirming = open.wallet.confirm(await proposed(sendCoins(open, ETHER)), 'normal')
    await open.settle()
    const contracts = { deviceRegistry: `0x${'df'.repeat(20)}` } as const
    open.network.set({
      status: 'ready',
      config: networkConfig({ contracts }),
      fingerprint: '0x',
      change: null,
    })
    await open.settle()
    arrive()
    expect(await confirming).toMatchObject({ ok: true, value: { state: { kind: 'waiting' } } })
    expect(open.wallet.payments.get()).toEqual([])
    open.network.set({ status: 'ready', config: networkConfig(), fingerprint: '0x', change: null })
    await open.settle()
    expect(open.wallet.payments.get()).toMatchObject([{ state: { kind: 'waiting' } }])
  })

  it('goes nowhere where it can’t be written down', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, ETHER)
    const open = await world.open({
      before: async what => {
        if (what === 'payments') throw new Error('the disk is full')
      },
    })
    const proposal = await proposed(sendCoins(open, 1n))
    expect(await open.wallet.confirm(proposal, 'normal')).toMatchObject({
      error: { kind: 'notStored', detail: 'the disk is full' },
    })
    expect(world.chain.taken.size).toBe(0)
  })

  it('follows one after the other with nonces of their own, whatever the chain has heard of', async () => {
    const { world, open } = await rich()
    // An endpoint that tells of mined transactions only.
    world.chain.lies = {
      nextNonce: async address => ({ ok: true, value: { mined: world.chain.nonce(address), pending: 0 } }),
    }
    for (let i = 0; i < 3; i++) await pay(open, 1n)
    expect(world.chain.pooled.map(({ transaction }) => transaction.nonce)).toEqual([0, 1, 2])
  })

  it('that no endpoint took is sent again by itself: the very same bytes', async () => {
    const { world, open } = await rich()
    world.chain.lies = {
      broadcast: async () => ({ ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }),
    }
    const payment = await pay(open, ETHER)
    expect(payment.state).toMatchObject({ kind: 'stored', lastFailure: { kind: 'chainUnreachable' } })
    world.chain.lies = {}
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    expect([...world.chain.taken]).toEqual([payment.hash])
  })

  it('that a pool forgot is sent again, and that a reorganisation dropped waits again', async () => {
    const { world, open } = await rich()
    const payment = await pay(open, ETHER)
    world.chain.forgetPool()
    await open.refresh()
    expect(world.chain.pooled.map(({ hash }) => hash)).toEqual([payment.hash])
    world.chain.mine()
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('mined')
    world.chain.reorg(1, true)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('final')
    expect([...world.chain.taken]).toEqual([payment.hash])
    expect(world.chain.balance(friend)).toBe(ETHER)
  })

  it('that a contract refused in the end has cost its fee alone, and says so', async () => {
    const { world, open } = await rich()
    const payment = await pay(open, ETHER)
    world.chain.reverting.add(friend)
    world.chain.mine()
    await open.refresh()
    expect(open.payment(payment.id).state).toMatchObject({ kind: 'reverted', isFinal: false })
    world.chain.finalize()
    await open.refresh()
    expect(open.payment(payment.id).state).toMatchObject({ kind: 'reverted', isFinal: true })
  })

  it('is told to have been overtaken only when the chain has proven it twice', async () => {
    const { world, open } = await rich()
    const payment = await pay(open, ETHER)
    // Somebody with the same words, in another app: the same nonce, another transaction.
    const elsewhere = new WalletWorld()
    elsewhere.chain.fund(owner, 2n * ETHER)
    const other = await elsewhere.open()
    await pay(other, 1n)
    const [signed] = elsewhere.chain.pooled
    if (!signed) throw new Error('nothing was sent')
    world.chain.include(signed)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    world.chain.isProven = false
    world.chain.finalize()
    await open.refresh()
    await open.timer.advance(11_000)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    world.chain.isProven = true
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('waiting')
    await open.timer.advance(11_000)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('overtaken')
    expect(world.chain.balance(friend)).toBe(1n)
  })
})

describe('one that waits too long', () => {
  async function stuck() {
    const { world, open } = await rich()
    const payment = await pay(open, ETHER)
    expect(open.payment(payment.id).isStuck).toBe(false)
    await open.timer.advance(200_000)
    await open.refresh()
    expect(open.payment(payment.id).isStuck).toBe(true)
    return { world, open, payment }
  }

  it('is made faster by the same call with the same nonce, and at least an eighth more of both fees', async () => {
    const { world, open, payment } = await stuck()
    const [before] = world.chain.pooled
    const faster = await proposed(open.wallet.proposeSpeedUp(payment.id))
    expect(faster).toMatchObject({ replaces: payment.id, sentence: payment.sentence })
    const sent = await open.wallet.confirm(faster, 'normal')
    expect(kindOf(sent)).toBe('ok')
    const [after] = world.chain.pooled
    if (!before || !after) throw new Error('nothing in the pool')
    expect(world.chain.pooled).toHaveLength(1)
    expect({ ...after.transaction, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }).toEqual({
      ...before.transaction,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    })
    for (const fee of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const)
      expect(after.transaction[fee] * 8n).toBeGreaterThanOrEqual(before.transaction[fee] * 9n)
    world.chain.mine()
    await open.refresh()
    expect(open.payment(payment.id).state).toEqual({ kind: 'replaced', by: faster.id })
    expect(open.payment(faster.id).state.kind).toBe('mined')
    expect(world.chain.balance(friend)).toBe(ETHER)
  })

  it('is cancelled by nothing to oneself, and whichever is mined wins', async () => {
    const { world, open, payment } = await stuck()
    const [original] = world.chain.pooled
    const cancel = await proposed(open.wallet.proposeCancel(payment.id))
    expect(cancel).toMatchObject({
      sentence: { kind: 'transfer', to: { address: owner }, amount: { value: 0n } },
    })
    expect(kindOf(await open.wallet.confirm(cancel, 'normal'))).toBe('ok')
    if (!original) throw new Error('nothing in the pool')
    // A miner that had never heard of the cancellation.
    world.chain.forgetPool()
    world.chain.include(original)
    await open.refresh()
    expect(open.payment(payment.id).state.kind).toBe('mined')
    expect(open.payment(cancel.id).state).toEqual({ kind: 'replaced', by: payment.id })
    // That block is dropped, and the cancellation comes first after all.
    world.chain.reorg(1, true)
    await open.refresh()
    world.chain.forgetPool()
    await open.refresh()
    const [kept] = world.chain.pooled
    expect(parsedTo(kept)).toBe(owner)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    expect(open.payment(payment.id).state).toEqual({ kind: 'replaced', by: cancel.id })
    expect(open.payment(cancel.id).state.kind).toBe('final')
    expect(world.chain.balance(friend)).toBe(0n)
  })

  it('is not sent again once it was to be cancelled, whatever the pools forget', async () => {
    const { world, open, payment } = await stuck()
    const cancel = await proposed(open.wallet.proposeCancel(payment.id))
    expect(kindOf(await open.wallet.confirm(cancel, 'normal'))).toBe('ok')
    const sent: string[] = []
    const truth = world.chain.api()
    world.chain.lies = {
      broadcast: async raw => {
        const parsed = parseTransaction(raw)
        sent.push(parsed.ok ? parsed.value.hash : parsed.error.kind)
        const { lies } = world.chain
        world.chain.lies = {}
        const answer = await truth.broadcast(raw)
        world.chain.lies = lies
        return answer
      },
    }
    for (let i = 0; i < 2; i++) {
      world.chain.forgetPool()
      await open.refresh()
    }
    expect(sent).toHaveLength(2)
    expect(sent).not.toContain(payment.hash)
  })

  it('is neither made faster nor cancelled once it is in a block', async () => {
    const { world, open, payment } = await stuck()
    const late = await proposed(open.wallet.proposeCancel(payment.id))
    world.chain.mine()
    expect(kindOf(await open.wallet.confirm(late, 'normal'))).toBe('nonceTooLow')
    await open.refresh()
    expect(kindOf(await open.wallet.proposeSpeedUp(payment.id))).toBe('alreadyMined')
    expect(world.chain.balance(friend)).toBe(ETHER)
  })

  const parsedTo = (signed: { readonly raw: Uint8Array } | undefined) => {
    const parsed = parseTransaction(signed?.raw ?? new Uint8Array())
    return parsed.ok ? parsed.value.transaction.to : toHex(new Uint8Array())
  }
})
