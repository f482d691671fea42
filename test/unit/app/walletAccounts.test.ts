// The wallet's accounts and what is known of them: made, kept apart, forgotten, read while somebody looks.
import { describe, expect, it } from 'vitest'
import { Accounts } from '../../../src/app/wallet/accounts.ts'
import type { AccountView } from '../../../src/app/wallet/wallet.ts'
import type { Address } from '../../../src/core/bytes.ts'
import { checksumAddress } from '../../../src/core/wallet/address.ts'
import { memoryPlatform } from '../../fixtures/memoryPorts.ts'
import { ETHER, GWEI } from '../../fixtures/scriptedChain.ts'
import {
  deviceRegistry,
  dollar,
  friend,
  kindOf,
  networkConfig,
  type OpenWallet,
  owner,
  pay,
  WalletWorld,
} from '../../fixtures/walletWorld.ts'
import { FIRST, OWNER, secret } from '../keys/browser.ts'

const OTHER_WORDS = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

const accountIn = ({ wallet }: OpenWallet, id = 'owner'): AccountView => {
  const found = wallet.accounts.get().find(account => account.id === id)
  if (!found) throw new Error(`no account ${id}`)
  return found
}

const valuesOf = (amounts: AccountView['balances']) => amounts?.map(({ value, symbol }) => [value, symbol])

function setNetwork(open: OpenWallet, change: Parameters<typeof networkConfig>[0]): void {
  open.network.set({ status: 'ready', config: networkConfig(change), fingerprint: '0x', change: null })
}

describe('accounts', () => {
  it('are shown from the first unlocking on, locked as well, with balances as they were last proven', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    expect(open.wallet.owner.get()).toEqual({
      kind: 'vault',
      address: OWNER,
      walletName: null,
      isThere: true,
    })
    expect(accountIn(open)).toMatchObject({ address: owner, balances: null, evidence: null, earned: null })
    await open.refresh()
    const reopened = await world.open({ isLocked: true })
    expect(reopened.vault.state.get().kind).toBe('locked')
    const account = accountIn(reopened)
    expect(valuesOf(account.balances)).toEqual([
      [3n * ETHER, 'ETH'],
      [0n, 'DUSD'],
    ])
    expect(account.evidence).toMatchObject({ level: 'proven' })
  })

  it('are none before there is a wallet', async () => {
    const world = new WalletWorld()
    const open = await world.openWith(await world.browser.open())
    expect(open.wallet.owner.get()).toBeNull()
    expect(open.wallet.accounts.get()).toEqual([])
    const asked = { kind: 'send', from: 'owner', to: friend, token: null, amount: 1n } as const
    expect(kindOf(await open.wallet.propose(asked))).toBe('walletMissing')
  })

  it('keep their address and their sums apart on another network, and find them again on the first', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    await open.refresh()
    const payment = await pay(open, 1n)
    setNetwork(open, { contracts: { deviceRegistry: `0x${'df'.repeat(20)}` } })
    await open.settle()
    expect(accountIn(open)).toMatchObject({ address: owner, balances: null, earned: null })
    expect(open.wallet.payments.get()).toEqual([])
    setNetwork(open, { id: 5 })
    await open.settle()
    expect(accountIn(open)).toMatchObject({ address: owner, balances: null })
    setNetwork(open, { contracts: { deviceRegistry } })
    await open.settle()
    expect(valuesOf(accountIn(open).balances)?.[0]).toEqual([3n * ETHER, 'ETH'])
    expect(open.wallet.payments.get().map(({ id }) => id)).toEqual([payment.id])
  })

  it('of another network share no nonce: what one registry’s records have used stays used', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    await open.refresh()
    world.chain.lies = {
      broadcast: async () => ({ ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }),
    }
    await pay(open, 1n)
    setNetwork(open, { contracts: { deviceRegistry: `0x${'df'.repeat(20)}` } })
    await open.settle()
    world.chain.lies = {}
    await pay(open, 2n)
    expect(world.chain.pooled.map(({ transaction }) => transaction.nonce)).toEqual([1])
  })

  it('go with the vault: what they held, sent and got is forgotten, contacts stay', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    await open.wallet.saveContact('Ann', friend)
    await pay(open, 1n)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    expect(open.wallet.activity('owner').get().movements).toHaveLength(1)
    await open.vault.erase()
    await open.settle()
    expect(open.wallet.owner.get()).toBeNull()
    expect(open.wallet.accounts.get()).toEqual([])
    expect(open.wallet.payments.get()).toEqual([])
    expect(open.wallet.activity('owner').get().movements).toEqual([])
    expect(open.wallet.contacts.get()).toEqual([{ name: 'Ann', address: friend }])
    const stores = world.disk.stores()
    expect([await stores.accounts.all(), await stores.payments.all(), await stores.activity.all()]).toEqual([
      [],
      [],
      [],
    ])
  })

  it('are kept where the vault is gone and nobody erased it, until it is brought back or given up', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    await open.refresh()
    await pay(open, 1n)
    open.vault.close()
    const lost = await world.browser.open()
    await lost.vault.unlock(secret(FIRST))
    // As the browser does it: nobody has told the app.
    await lost.vault.erase()
    const reopened = await world.openWith(lost)
    expect(reopened.wallet.lostVault.get()).toBe(owner)
    expect(reopened.wallet.payments.get()).toHaveLength(1)
    expect(accountIn(reopened)).toMatchObject({ address: owner })
    const again = await world.openWith(lost)
    expect(again.wallet.lostVault.get()).toBe(owner)
    await again.wallet.forgetLostVault()
    await again.settle()
    expect([again.wallet.lostVault.get(), again.wallet.owner.get(), again.wallet.payments.get()]).toEqual([
      null,
      null,
      [],
    ])
    expect((await world.openWith(lost)).wallet.lostVault.get()).toBeNull()
  })

  it('are forgotten at the next start where the tab died between erasing the vault and that', async () => {
    const world = new WalletWorld()
    const open = await world.open()
    await open.refresh()
    open.vault.close()
    const tab = await world.browser.open()
    await tab.vault.unlock(secret(FIRST))
    await world.disk.stores().values.put('erasingVault', true)
    await tab.vault.erase()
    const reopened = await world.openWith(tab)
    await reopened.settle()
    expect([reopened.wallet.lostVault.get(), reopened.wallet.owner.get()]).toEqual([null, null])
  })

  it('of other words take nothing over from those before, also where nobody saw the change', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    const open = await world.open()
    await open.refresh()
    await pay(open, 1n)
    open.vault.close()
    const tab = await world.browser.open()
    await tab.vault.unlock(secret(FIRST))
    await tab.vault.erase()
    await tab.vault.restore({ phrase: OTHER_WORDS, passphrase: secret(FIRST) })
    const reopened = await world.openWith(tab)
    expect(reopened.wallet.owner.get()?.address).not.toBe(owner)
    expect(reopened.wallet.payments.get()).toEqual([])
    expect(accountIn(reopened)).toMatchObject({ balances: null })
  })
})

describe('the devices of words from elsewhere', () => {
  it('are looked for on the chain by itself, once it was answered, and again on another network', async () => {
    const world = new WalletWorld()
    let asked = 0
    world.chain.lies = {
      async devicesOf() {
        asked++
        return { ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }
      },
    }
    const open = await world.open()
    expect(asked).toBe(1)
    world.chain.lies = {
      async devicesOf() {
        asked++
        return { ok: true, value: { devices: [], isComplete: true } }
      },
    }
    for (let i = 0; i < 2; i++) {
      open.vault.lock()
      await open.vault.unlock(secret(FIRST))
      await open.settle()
    }
    expect(asked).toBe(2)
    setNetwork(open, { contracts: { deviceRegistry: `0x${'df'.repeat(20)}` } })
    await open.settle()
    expect(asked).toBe(3)
  })
})

describe('device accounts', () => {
  async function accountsOf(world: WalletWorld, locks = new Set<string>()) {
    const { vault } = await world.open()
    const platform = memoryPlatform(locks)
    const accounts = new Accounts({
      platform,
      vault,
      stores: world.disk.stores(),
      config: () => networkConfig(),
    })
    await accounts.load()
    return { accounts, vault }
  }

  const indexOf = async (accounts: Accounts): Promise<number> => {
    const made = await accounts.allocateDevice()
    if (!made.ok) throw new Error(made.error.kind)
    return made.value.index
  }

  it('never get an index twice: not in two tabs at once, not after a reload, not when the chain knows of more', async () => {
    const world = new WalletWorld()
    const locks = new Set<string>()
    const one = (await accountsOf(world, locks)).accounts
    const two = (await accountsOf(world, locks)).accounts
    const given = await Promise.all([one, two, one, two].map(indexOf))
    expect([...given].sort()).toEqual([0, 1, 2, 3])
    await one.reserveDevices(9)
    await one.reserveDevices(4)
    expect(await indexOf((await accountsOf(world)).accounts)).toBe(10)
  })

  it('found on the chain are in the list, and their index is used', async () => {
    const { accounts, vault } = await accountsOf(new WalletWorld())
    expect(await accounts.adoptDevice(5)).toEqual(await vaultAddress(vault, 5))
    expect(accounts.get('device/5')).toMatchObject({ name: { kind: 'device', index: 5 } })
    expect(await indexOf(accounts)).toBe(6)
  })

  it('of a locked vault cost no index', async () => {
    const { accounts, vault } = await accountsOf(new WalletWorld())
    vault.lock()
    expect(kindOf(await accounts.allocateDevice())).toBe('vaultLocked')
    await vault.unlock(secret(FIRST))
    expect(await indexOf(accounts)).toBe(0)
  })

  const vaultAddress = async (vault: OpenWallet['vault'], index: number) => {
    const address = await vault.address({ kind: 'device', index })
    return address.ok ? { ok: true, value: { address: address.value } } : address
  }
})

describe('what came and went', () => {
  it('is read piece by piece, and added up with the fees', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, 3n * ETHER)
    world.chain.fund(owner, 9_000_000n, dollar)
    const open = await world.open()
    const asked: (number | null)[] = []
    const truth = world.chain.api()
    world.chain.lies = {
      movementsOf: (address, tokens, from) => {
        asked.push(from)
        const lies = world.chain.lies
        world.chain.lies = {}
        const answer = truth.movementsOf(address, tokens, from)
        world.chain.lies = lies
        return answer
      },
    }
    await pay(open, ETHER)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    await pay(open, ETHER)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    // Nothing has moved: nothing is asked.
    await open.refresh()
    expect(asked).toEqual([null, 4])
    const { movements, since } = open.wallet.activity('owner').get()
    expect(movements.map(({ block, direction }) => [block, direction])).toEqual([
      [4, 'out'],
      [3, 'out'],
    ])
    expect(since).toEqual({ block: 0, isFirst: true })
    const fee = 21_000n * 12n * GWEI
    expect(valuesOf(accountIn(open).spent)).toEqual([
      [2n * ETHER + 2n * fee, 'ETH'],
      [0n, 'DUSD'],
    ])
    expect(valuesOf(accountIn(open).earned)).toEqual([
      [0n, 'ETH'],
      [0n, 'DUSD'],
    ])
    const reopened = await world.open({ isLocked: true })
    expect(reopened.wallet.activity('owner').get().movements).toHaveLength(2)
  })

  it('before what endpoints still know is said to be unknown, and a chain that began anew is read anew', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, ETHER)
    const open = await world.open()
    const reading = (fromBlock: number, toBlock: number, ids: readonly string[]) => ({
      ok: true as const,
      value: {
        fromBlock,
        toBlock,
        movements: ids.map(id => ({
          id,
          at: 1,
          block: toBlock,
          transaction: null,
          direction: 'in' as const,
          token: null,
          amount: 1n,
          counterparty: null,
          fee: 0n,
          succeeded: true,
        })),
      },
    })
    const read = async (answer: (from: number | null) => ReturnType<typeof reading>) => {
      world.chain.lies = { movementsOf: async (_, __, from) => answer(from) }
      await open.wallet.readActivity('owner')
      const { movements, since } = open.wallet.activity('owner').get()
      return { ids: movements.map(({ id }) => id), since }
    }
    expect(await read(() => reading(50, 100, ['a']))).toEqual({
      ids: ['a'],
      since: { block: 50, isFirst: false },
    })
    expect(await read(from => reading(from ?? 0, 110, ['b']))).toEqual({
      ids: ['b', 'a'],
      since: { block: 50, isFirst: false },
    })
    // The blocks in between are gone from the endpoints.
    expect(await read(() => reading(200, 210, ['c']))).toEqual({
      ids: ['c', 'b', 'a'],
      since: { block: 200, isFirst: false },
    })
    expect(await read(from => (from === null ? reading(0, 7, ['d']) : reading(from, 7, [])))).toEqual({
      ids: ['d'],
      since: { block: 0, isFirst: true },
    })
  })

  it('that could not be read leaves what was known, and says why', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, ETHER)
    const open = await world.open()
    await pay(open, 1n)
    world.chain.mine()
    world.chain.finalize()
    await open.refresh()
    world.chain.lies = {
      movementsOf: async () => ({ ok: false, error: { kind: 'chainUnreachable', endpoints: [] } }),
    }
    await open.wallet.readActivity('owner')
    expect(open.wallet.activity('owner').get()).toMatchObject({
      movements: [{ direction: 'out' }],
      lastFailure: { kind: 'chainUnreachable' },
    })
  })
})

describe('the wallet', () => {
  it('is read again while somebody looks at it, and only then', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, ETHER)
    const open = await world.open()
    let reads = 0
    const truth = world.chain.api()
    world.chain.lies = {
      readAccount(address, tokens) {
        reads++
        const { lies } = world.chain
        world.chain.lies = {}
        const answer = truth.readAccount(address, tokens)
        world.chain.lies = lies
        return answer
      },
    }
    await open.timer.advance(60_000)
    expect(reads).toBe(0)
    const stop = open.wallet.accounts.subscribe(() => {})
    await open.settle()
    expect(reads).toBe(1)
    for (let i = 0; i < 2; i++) {
      await open.timer.advance(15_000)
      await open.settle()
    }
    expect(reads).toBe(3)
    open.page.setHidden(true)
    await open.timer.advance(60_000)
    expect(reads).toBe(3)
    open.page.setHidden(false)
    await open.settle()
    expect(reads).toBe(4)
    open.setOnline(false)
    await open.timer.advance(60_000)
    expect(reads).toBe(4)
    open.setOnline(true)
    await open.settle()
    expect(reads).toBe(5)
    stop()
    stop()
    await open.timer.advance(60_000)
    expect(reads).toBe(5)
  })

  it.each([
    [3_000, 'where nobody says how fast blocks come', undefined],
    [2_000, 'of a chain with a block every two seconds', 2],
    [3_000, 'of a slow one', 12],
  ])(
    'follows a payment more closely than balances, every %i ms %s, and reads those as soon as it is in a block',
    async (after, _, blockSeconds) => {
      const world = new WalletWorld()
      world.chain.fund(owner, 2n * ETHER)
      const config = networkConfig(blockSeconds === undefined ? {} : { blockSeconds })
      const open = await world.open({ config })
      open.wallet.payments.subscribe(() => {})
      await open.settle()
      const payment = await pay(open, ETHER)
      world.chain.mine()
      world.chain.finalize()
      await open.timer.advance(after)
      await open.settle()
      expect(open.payment(payment.id).state.kind).toBe('final')
      expect(valuesOf(accountIn(open).balances)?.[0]?.[0]).toBe(world.chain.balance(owner))
    },
  )

  it('says why balances could not be read, and shows those before', async () => {
    const world = new WalletWorld()
    world.chain.fund(owner, ETHER)
    const open = await world.open()
    await open.refresh()
    expect(open.wallet.lastFailure.get()).toBeNull()
    world.chain.lies = {
      readAccount: async () => ({ ok: false, error: { kind: 'wrongChain', endpoints: [] } }),
    }
    await open.refresh()
    expect(open.wallet.lastFailure.get()).toMatchObject({ kind: 'wrongChain' })
    expect(valuesOf(accountIn(open).balances)?.[0]).toEqual([ETHER, 'ETH'])
    world.chain.lies = {}
    await open.refresh()
    expect(open.wallet.lastFailure.get()).toBeNull()
  })

  it('asks the browser to keep it when it is made, once, and tells the answer', async () => {
    const world = new WalletWorld()
    world.isPersistent = false
    const tab = await world.browser.open()
    const open = await world.openWith(tab)
    expect(open.wallet.isPersisted.get()).toBeNull()
    await tab.vault.create({ words: 12, language: 'en', passphrase: secret(FIRST) })
    await open.settle()
    expect(open.wallet.isPersisted.get()).toBe(false)
    open.vault.lock()
    await tab.vault.unlock(secret(FIRST))
    await open.settle()
    expect(world.persistenceAsked).toBe(1)
    world.isPersistent = true
    expect((await world.open({ isLocked: true })).wallet.isPersisted.get()).toBe(true)
    expect(world.persistenceAsked).toBe(1)
  })

  it('gets play money where the network has a faucet, and says why not', async () => {
    const world = new WalletWorld()
    const open = await world.open()
    expect(open.wallet.hasFaucet).toBe(true)
    expect(kindOf(await open.wallet.askFaucet())).toBe('ok')
    expect(world.posted).toEqual([{ url: '/demo/faucet', body: { address: owner } }])
    for (const [answer, kind] of [
      [429, 'faucetEnough'],
      [503, 'faucetUnavailable'],
      [undefined, 'faucetUnavailable'],
    ] as const) {
      world.faucetAnswers = answer
      expect(kindOf(await open.wallet.askFaucet())).toBe(kind)
    }
  })

  it('keeps names for addresses, one each', async () => {
    const world = new WalletWorld()
    const { wallet } = await world.open()
    await wallet.saveContact(' Zoe ', friend)
    await wallet.saveContact('\u202eAnn', checksumAddress(deviceRegistry) as Address)
    await wallet.saveContact('Zoë', friend)
    await wallet.saveContact('  ', owner)
    expect(wallet.contacts.get()).toEqual([
      { name: 'Ann', address: deviceRegistry },
      { name: 'Zoë', address: friend },
    ])
    await wallet.removeContact(friend)
    expect((await world.open()).wallet.contacts.get()).toEqual([{ name: 'Ann', address: deviceRegistry }])
  })

  it('reads what codes ask for, as far as this network can pay it', async () => {
    const { wallet } = await new WalletWorld().open()
    const request = { to: friend, chainId: 31_337, token: dollar, amount: 5n }
    expect(wallet.readPaymentRequest(wallet.paymentRequestText(request))).toEqual({
      ok: true,
      value: request,
    })
    expect(wallet.readPaymentRequest(`ethereum:${friend}@1`)).toMatchObject({
      error: { kind: 'otherChain', chainId: 1 },
    })
    expect(wallet.readPaymentRequest(`ethereum:${deviceRegistry}/transfer?address=${friend}`)).toMatchObject({
      error: { kind: 'unknownToken', address: deviceRegistry },
    })
    expect(kindOf(wallet.readPaymentRequest('hello'))).toBe('notAPaymentRequest')
  })

  it('hands the screens nothing that signs', async () => {
    const { wallet } = await new WalletWorld().open()
    expect(Object.keys(wallet.vault)).not.toContain('sign')
    expect(Object.keys(wallet.vault)).not.toContain('signWithOwnerKey')
  })
})
