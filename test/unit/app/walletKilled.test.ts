// Sending while tabs die: at every step, in two tabs at once, with an injected wallet between. One payment or none, never two.
import { describe, expect, it } from 'vitest'
import { ETHER } from '../../fixtures/scriptedChain.ts'
import {
  diesAt,
  friend,
  injectedId,
  kindOf,
  type OpenWallet,
  owner,
  pay,
  proposed,
  sendCoins,
  WalletWorld,
} from '../../fixtures/walletWorld.ts'

/** All the writes of one payment: what one that is not killed does. */
async function stepsOf(act: (open: OpenWallet) => Promise<unknown>): Promise<number> {
  const world = await richWorld()
  const life = diesAt(Number.POSITIVE_INFINITY)
  const open = await world.open({ before: life.before })
  await open.refresh()
  const before = life.steps.length
  await act(open)
  await open.settle()
  return life.steps.length - before
}

async function richWorld(): Promise<WalletWorld> {
  const world = new WalletWorld()
  world.chain.fund(owner, 10n * ETHER)
  world.chain.fund(world.injected.address, 10n * ETHER)
  return world
}

/** The tab does what it does until its n-th step from here on; the one after it finds the same disk and the same chain. */
async function killedAt(world: WalletWorld, step: number, act: (open: OpenWallet) => Promise<unknown>) {
  let life: ReturnType<typeof diesAt> | undefined
  const open = await world.open({ before: async what => life?.before(what) })
  await open.refresh()
  life = diesAt(step)
  const acted = act(open).then(
    () => true,
    () => true,
  )
  await Promise.race([acted, open.settle()])
  return { before: open, steps: life.steps }
}

describe('a tab that dies while it sends', () => {
  it('has sent the payment once or never, at whichever step it died', async () => {
    const act = (open: OpenWallet) => pay(open, ETHER)
    const steps = await stepsOf(act)
    expect(steps).toBeGreaterThanOrEqual(4)
    const outcomes: string[] = []
    for (let step = 1; step <= steps; step++) {
      const world = await richWorld()
      const { steps: done } = await killedAt(world, step, act)
      expect(done).toHaveLength(step)
      const reopened = await world.open()
      await reopened.refresh()
      world.chain.mine()
      world.chain.finalize()
      await reopened.refresh()
      await reopened.refresh()
      const [payment, ...others] = reopened.wallet.payments.get()
      expect(others).toEqual([])
      expect(world.chain.balance(friend)).toBe(payment ? ETHER : 0n)
      expect(payment?.state.kind ?? 'none').toMatch(/^(final|none)$/)
      expect(world.chain.taken.size).toBe(payment ? 1 : 0)
      outcomes.push(`${done.at(-1)}: ${payment ? 'paid' : 'nothing'}`)
    }
    // Nothing before it was written down, once from then on.
    expect(outcomes).toEqual(['sign: nothing', 'payments: nothing', 'broadcast: paid', 'payments: paid'])
  })

  it('has replaced a payment or not, and paid it once in any case', async () => {
    const act = async (open: OpenWallet) => {
      const [payment] = open.wallet.payments.get()
      if (!payment) throw new Error('nothing to be replaced')
      const faster = await proposed(open.wallet.proposeSpeedUp(payment.id))
      return open.wallet.confirm(faster, 'normal')
    }
    for (let step = 1; step <= 4; step++) {
      const world = await richWorld()
      const first = await world.open()
      await first.refresh()
      await pay(first, ETHER)
      await killedAt(world, step, act)
      const reopened = await world.open()
      await reopened.refresh()
      world.chain.mine()
      world.chain.finalize()
      await reopened.refresh()
      await reopened.refresh()
      expect(world.chain.balance(friend)).toBe(ETHER)
      expect(world.chain.mined).toHaveLength(1)
      const kinds = reopened.wallet.payments.get().map(({ state }) => state.kind)
      expect(kinds.filter(kind => kind === 'final')).toHaveLength(1)
      expect(kinds.filter(kind => kind !== 'final' && kind !== 'replaced')).toEqual([])
    }
  })

  it('of whose payment the answer was lost sends no other bytes than before', async () => {
    const world = await richWorld()
    const open = await world.open()
    await open.refresh()
    const truth = world.chain.api()
    world.chain.lies = {
      // It arrives, and the line is cut before the answer.
      async broadcast(raw) {
        world.chain.lies = {}
        await truth.broadcast(raw)
        throw new Error('connection reset')
      },
    }
    const payment = await pay(open, ETHER)
    expect(payment.state.kind).toBe('stored')
    const reopened = await world.open()
    await reopened.refresh()
    expect(reopened.payment(payment.id).state.kind).toBe('waiting')
    expect([...world.chain.taken]).toEqual([payment.hash])
  })

  it('with several payments leaves them in order, each once', async () => {
    const world = await richWorld()
    const open = await world.open()
    await open.refresh()
    world.chain.lies = {
      broadcast: async () => ({ ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }),
    }
    for (const amount of [1n, 2n, 3n]) await pay(open, amount)
    world.chain.lies = {}
    const reopened = await world.open()
    await reopened.refresh()
    world.chain.mine()
    world.chain.finalize()
    await reopened.refresh()
    expect(world.chain.mined.map(({ transaction }) => [transaction.nonce, transaction.value])).toEqual([
      [0, 1n],
      [1, 2n],
      [2, 3n],
    ])
    expect(reopened.wallet.payments.get().map(({ state }) => state.kind)).toEqual(['final', 'final', 'final'])
  })
})

describe('two tabs', () => {
  async function twoTabs() {
    const world = await richWorld()
    const locks = new Set<string>()
    const [one, two] = [await world.open({ locks }), await world.open({ locks })]
    await one.refresh()
    await two.refresh()
    return { world, one, two }
  }

  it('never send the same nonce: one of them waits for the other', async () => {
    const { world, one, two } = await twoTabs()
    const [first, second] = [await proposed(sendCoins(one, 1n)), await proposed(sendCoins(two, 2n))]
    const both = await Promise.all([
      one.wallet.confirm(first, 'normal'),
      two.wallet.confirm(second, 'normal'),
    ])
    expect(both.map(kindOf).sort()).toEqual(['ok', 'sendingElsewhere'])
    const [late, tab] = kindOf(both[0]) === 'ok' ? ([second, two] as const) : ([first, one] as const)
    expect(kindOf(await tab.wallet.confirm(late, 'normal'))).toBe('ok')
    expect(world.chain.pooled.map(({ transaction }) => transaction.nonce)).toEqual([0, 1])
  })

  it('do so also where the chain has not heard of the other’s payment', async () => {
    const { world, one, two } = await twoTabs()
    world.chain.lies = {
      broadcast: async () => ({ ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }),
    }
    const [first, second] = [await pay(one, 1n), await pay(two, 2n)]
    world.chain.lies = {}
    await two.refresh()
    await two.refresh()
    world.chain.mine()
    expect(world.chain.mined.map(({ transaction }) => transaction.nonce)).toEqual([0, 1])
    expect(first.hash).not.toBe(second.hash)
  })

  it('show the same payments', async () => {
    const { world, one, two } = await twoTabs()
    const payment = await pay(one, ETHER)
    await two.settle()
    expect(two.payment(payment.id).state.kind).toBe('waiting')
    world.chain.mine()
    await two.refresh()
    await one.settle()
    expect(one.payment(payment.id).state.kind).toBe('mined')
  })
})

describe('an injected wallet as the owner', () => {
  async function connected(life: Parameters<WalletWorld['open']>[0] = {}) {
    const world = await richWorld()
    const open = await world.open(life)
    expect(kindOf(await open.wallet.connectInjected(injectedId))).toBe('ok')
    await open.refresh()
    return { world, open }
  }

  const send = ({ wallet }: OpenWallet) =>
    proposed(wallet.propose({ kind: 'send', from: 'external', to: friend, token: null, amount: ETHER }))

  it('is the owner account, sends, and its payment is followed until it is final', async () => {
    const { world, open } = await connected()
    const { address } = world.injected
    expect(open.wallet.owner.get()).toEqual({ kind: 'external', address, walletName: 'Fox', isThere: true })
    const proposal = await send(open)
    expect(proposal).toMatchObject({ fees: [], from: { id: 'external', address } })
    const sent = await open.wallet.confirm(proposal, null)
    expect(sent).toMatchObject({ ok: true, value: { state: { kind: 'waiting' }, isStuck: false } })
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    expect(open.payment(proposal.id).state.kind).toBe('final')
    expect(world.chain.balance(friend)).toBe(ETHER)
  })

  it('that refuses has sent nothing, and nothing is left behind', async () => {
    const { world, open } = await connected()
    world.injected.refusal = { kind: 'injectedRefused' }
    const proposal = await send(open)
    expect(kindOf(await open.wallet.confirm(proposal, null))).toBe('injectedRefused')
    expect(open.wallet.payments.get()).toEqual([])
    // The person thinks better of it, and agrees.
    world.injected.refusal = null
    expect(kindOf(await open.wallet.confirm(proposal, null))).toBe('ok')
    expect(world.injected.sent).toBe(1)
    expect(open.payment(proposal.id).state.kind).toBe('waiting')
  })

  it('that fails in whatever way may have sent it: that stays to be looked up', async () => {
    const { world, open } = await connected()
    world.injected.refusal = { kind: 'injectedFailed', detail: 'port closed' }
    expect(kindOf(await open.wallet.confirm(await send(open), null))).toBe('injectedFailed')
    expect(open.wallet.payments.get()).toMatchObject([{ hash: null, state: { kind: 'stored' } }])
  })

  it('whose tab died in between is never asked again by itself', async () => {
    const { world, open } = await connected()
    world.injected.isSilent = true
    void open.wallet.confirm(await send(open), null)
    await open.settle()
    world.injected.isSilent = false
    const reopened = await world.open()
    await reopened.refresh()
    expect(reopened.wallet.payments.get()).toMatchObject([
      { hash: null, state: { kind: 'stored' }, isStuck: false },
    ])
    expect(world.injected.sent).toBe(0)
    expect(world.chain.taken.size).toBe(0)
  })

  it('that never answered is forgotten by the person alone, and listed again where it has sent after all', async () => {
    const { world, open } = await connected()
    world.injected.isSilent = true
    const first = await send(open)
    void open.wallet.confirm(first, null)
    await open.settle()
    expect(await open.wallet.forgetUnanswered(first.id)).toBe(true)
    expect(open.wallet.payments.get()).toEqual([])
    expect(await open.wallet.forgetUnanswered(first.id)).toBe(false)

    world.injected.isSilent = false
    const second = await send(open)
    world.injected.meanwhile = () => open.wallet.forgetUnanswered(second.id)
    const sent = await open.wallet.confirm(second, null)
    expect(sent).toMatchObject({ ok: true, value: { id: second.id, state: { kind: 'waiting' } } })
    // What is known to be sent stays.
    expect(await open.wallet.forgetUnanswered(second.id)).toBe(false)
    expect(open.wallet.payments.get()).toMatchObject([{ id: second.id, state: { kind: 'waiting' } }])
  })

  it('is still the owner after a reload, and missing where the browser has it no more', async () => {
    const { world } = await connected()
    const reopened = await world.open()
    expect(reopened.wallet.owner.get()).toMatchObject({ kind: 'external', isThere: true })
    world.injected.found.set([])
    await reopened.settle()
    expect(reopened.wallet.owner.get()).toMatchObject({ kind: 'external', isThere: false })
    world.injected.found.set([{ id: injectedId, name: 'Fox', icon: null }])
    await reopened.settle()
    expect(reopened.wallet.owner.get()).toMatchObject({ isThere: true })
    await reopened.wallet.switchToVaultOwner()
    expect(reopened.wallet.owner.get()).toEqual({
      kind: 'vault',
      address: owner,
      walletName: null,
      isThere: true,
    })
    expect(reopened.wallet.accounts.get().map(({ id }) => id)).toEqual(['owner'])
  })
})
