// Wallets that the browser brings, as pages meet them: announced, nameless, slow, elsewhere, refusing and lying.
import { type Hex, parseSignature, hashTypedData as viemHash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, test } from 'vitest'
import type { Address, Bytes } from '../../src/core/bytes.ts'
import { toHex } from '../../src/core/bytes.ts'
import { hashTypedData, type TypedData } from '../../src/core/eip712.ts'
import { createInjectedWallets } from '../../src/io/injected/injectedWallets.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  for (const wallets of opened.splice(0)) wallets.close()
})

const signer = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'5b'.repeat(32)}`)
const lower = (address: Hex): Address => `0x${address.slice(2).toLowerCase()}`
const account = lower(signer.address)
const hash = `0x${'AB'.repeat(32)}` as const

interface Asked {
  readonly method: string
  readonly params: readonly unknown[]
}

/** An honest wallet; `answers` says what it does otherwise, by method. */
class TestWallet {
  readonly asked: Asked[] = []
  chainId = 1
  accounts: readonly string[] = [signer.address]
  key = signer
  readonly #answers: Record<string, (params: readonly unknown[]) => unknown>
  readonly #listeners = new Map<string, (detail: unknown) => void>()

  constructor(answers: Record<string, (params: readonly unknown[]) => unknown> = {}) {
    this.#answers = answers
  }

  on(event: string, listener: (detail: unknown) => void): void {
    this.#listeners.set(event, listener)
  }

  emit(event: string): void {
    this.#listeners.get(event)?.(undefined)
  }

  count(method: string): number {
    return this.asked.filter(each => each.method === method).length
  }

  async request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
    this.asked.push({ method, params })
    const answer = this.#answers[method]
    if (answer) return answer(params)
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return this.accounts
      case 'eth_chainId':
        return `0x${this.chainId.toString(16)}`
      case 'wallet_switchEthereumChain': {
        const [{ chainId }] = params as [{ chainId: string }]
        this.chainId = Number(chainId)
        return null
      }
      case 'eth_sendTransaction':
        return hash
      case 'eth_signTypedData_v4': {
        const data = JSON.parse(String(params[1]))
        return this.key.signTypedData(data)
      }
      default:
        throw Object.assign(new Error(`no ${method}`), { code: 4200 })
    }
  }
}

const png = 'data:image/png;base64,iVBORw0KGgo='

function announce(page: EventTarget, provider: unknown, info: object = {}): void {
  const detail = { info: { uuid: 'u', rdns: 'one.example', name: 'One', icon: png, ...info }, provider }
  page.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail }))
}

/** A page in which the wallet announces itself whenever it is asked to. */
function pageWith(wallet: unknown, info: object = {}): EventTarget {
  const page = new EventTarget()
  page.addEventListener('eip6963:requestProvider', () => announce(page, wallet, info))
  return page
}

function open(page: EventTarget & { ethereum?: unknown }) {
  const wallets = createInjectedWallets(page, { announceMs: 60 })
  opened.push(wallets)
  return wallets
}

const refuse = (code: number) => () => {
  throw Object.assign(new Error('no'), { code })
}

const call = {
  from: account,
  to: lower(stranger.address),
  value: 10n ** 20n,
  data: Uint8Array.of(1, 2) as Bytes,
  chainId: 1,
  gasLimit: 50_000n,
}

const typedData: TypedData = {
  domain: { name: 'Fob', version: '1', chainId: 1, verifyingContract: lower(stranger.address) },
  types: {
    Inner: [
      { name: 'amount', type: 'uint256' },
      { name: 'note', type: 'string' },
    ],
    HandOver: [
      { name: 'deviceId', type: 'bytes32' },
      { name: 'counter', type: 'uint48' },
      { name: 'isFinal', type: 'bool' },
      { name: 'data', type: 'bytes' },
      { name: 'parts', type: 'Inner[]' },
    ],
  },
  primaryType: 'HandOver',
  message: {
    deviceId: `0x${'cd'.repeat(32)}`,
    counter: 7,
    isFinal: true,
    data: Uint8Array.of(1, 2, 3),
    parts: [{ amount: 2n ** 255n, note: 'ü' }],
  },
}

describe('wallets of the page', () => {
  test('are those that announce themselves, each once, with pictures that ask nobody', () => {
    const page = pageWith(new TestWallet())
    const wallets = open(page)
    const seen: number[] = []
    wallets.found.subscribe(() => seen.push(wallets.found.get().length))
    announce(page, new TestWallet(), {
      rdns: 'two.example',
      name: 'Two',
      icon: 'https://two.example/icon.png',
    })
    announce(page, new TestWallet(), { rdns: 'three.example', name: 'Three', icon: 'data:text/html,<b>' })
    expect(wallets.found.get()).toEqual([
      { id: 'one.example', name: 'One', icon: png },
      { id: 'two.example', name: 'Two', icon: null },
      { id: 'three.example', name: 'Three', icon: null },
    ])
    expect(seen).toEqual([2, 3])
    expect(wallets.found.get()).toBe(wallets.found.get())
  })

  test('can’t be pushed aside by a later one of the same name', async () => {
    const first = new TestWallet()
    const page = pageWith(first)
    const wallets = open(page)
    const second = new TestWallet()
    second.accounts = [stranger.address]
    announce(page, second, { name: 'Other' })
    expect(wallets.found.get()).toHaveLength(1)
    expect(await wallets.connect('one.example')).toEqual({ ok: true, value: account })
    expect(second.asked).toEqual([])
  })

  test.each([
    ['no detail', undefined],
    ['no provider', { info: { rdns: 'a.b', name: 'A', icon: png } }],
    ['a provider that can’t be asked', { info: { rdns: 'a.b', name: 'A', icon: png }, provider: {} }],
    ['no name', { info: { rdns: 'a.b', name: ' ', icon: png }, provider: new TestWallet() }],
    ['no domain', { info: { name: 'A', icon: png }, provider: new TestWallet() }],
    ['a domain that is no text', { info: { rdns: 7, name: 'A' }, provider: new TestWallet() }],
  ])('are not: an announcement with %s', (_, detail) => {
    const page = new EventTarget()
    const wallets = open(page)
    page.dispatchEvent(Object.assign(new Event('eip6963:announceProvider'), { detail }))
    expect(wallets.found.get()).toEqual([])
  })

  test('without a name are offered only as long as none has one', async () => {
    const nameless = new TestWallet()
    const page = Object.assign(new EventTarget(), { ethereum: nameless })
    const wallets = open(page)
    const [only] = wallets.found.get()
    expect(only).toMatchObject({ name: '', icon: null })
    expect(await wallets.connect(only?.id ?? '')).toEqual({ ok: true, value: account })
    announce(page, new TestWallet())
    expect(wallets.found.get().map(({ id }) => id)).toEqual(['one.example'])
    expect(await wallets.connect(only?.id ?? '')).toMatchObject({ error: { kind: 'injectedMissing' } })
  })

  test('that come late, with a name or without, are told', () => {
    const page: EventTarget & { ethereum?: unknown } = new EventTarget()
    const wallets = open(page)
    let told = 0
    wallets.found.subscribe(() => told++)
    page.ethereum = new TestWallet()
    page.dispatchEvent(new Event('ethereum#initialized'))
    expect(wallets.found.get()).toHaveLength(1)
    expect(told).toBe(1)
  })

  test('tell when their accounts or chain change, or they go away', () => {
    const wallet = new TestWallet()
    const wallets = open(pageWith(wallet))
    let told = 0
    const stop = wallets.found.subscribe(() => told++)
    for (const event of ['accountsChanged', 'chainChanged', 'disconnect']) wallet.emit(event)
    expect(told).toBe(3)
    stop()
    wallet.emit('accountsChanged')
    expect(told).toBe(3)
  })
})

describe('connecting', () => {
  test('gives the first account, in lower case', async () => {
    const wallet = new TestWallet()
    wallet.accounts = [stranger.address, signer.address]
    expect(await open(pageWith(wallet)).connect('one.example')).toEqual({
      ok: true,
      value: lower(stranger.address),
    })
  })

  test.each([
    ['refused', 4001, 'injectedRefused'],
    ['already asking', -32002, 'injectedFailed'],
    ['disconnected', 4900, 'injectedFailed'],
  ])('that is %s says so', async (_, code, kind) => {
    const wallets = open(pageWith(new TestWallet({ eth_requestAccounts: refuse(code) })))
    expect(await wallets.connect('one.example')).toMatchObject({ ok: false, error: { kind } })
  })

  test.each([[[]], [null], [['0x12']], [[7]], ['0x']])('with %j for accounts is none', async accounts => {
    const wallets = open(pageWith(new TestWallet({ eth_requestAccounts: () => accounts })))
    expect(await wallets.connect('one.example')).toMatchObject({ error: { kind: 'injectedFailed' } })
  })

  test('to one that is not there fails at once', async () => {
    expect(await open(new EventTarget()).connect('one.example')).toMatchObject({
      error: { kind: 'injectedMissing' },
    })
  })
})

describe('coming back', () => {
  test('waits for a wallet that is slow, and asks for no window', async () => {
    const page = new EventTarget()
    const wallets = open(page)
    const wallet = new TestWallet()
    setTimeout(() => announce(page, wallet), 20)
    expect(await wallets.reconnect('one.example', account)).toEqual({ ok: true, value: null })
    expect(wallet.asked.map(({ method }) => method)).not.toContain('eth_requestAccounts')
  })

  test('to a wallet that was removed, and to an account that it does not give any more, is told apart', async () => {
    const wallet = new TestWallet()
    const wallets = open(pageWith(wallet))
    expect(await wallets.reconnect('gone.example', account)).toMatchObject({
      error: { kind: 'injectedMissing' },
    })
    for (const accounts of [[], [stranger.address]]) {
      wallet.accounts = accounts
      expect(await wallets.reconnect('one.example', account)).toMatchObject({
        error: { kind: 'injectedOtherAccount' },
      })
    }
  })

  test('to one that is locked is no fault of it', async () => {
    const wallets = open(pageWith(new TestWallet({ eth_accounts: refuse(4100) })))
    expect(await wallets.reconnect('one.example', account)).toMatchObject({
      error: { kind: 'injectedOtherAccount' },
    })
  })
})

describe('sending', () => {
  test('hands over exactly the call, and gives the hash', async () => {
    const wallet = new TestWallet()
    expect(await open(pageWith(wallet)).send('one.example', call)).toEqual({
      ok: true,
      value: hash.toLowerCase(),
    })
    expect(wallet.asked.find(({ method }) => method === 'eth_sendTransaction')?.params).toEqual([
      {
        from: account,
        to: call.to,
        value: '0x56bc75e2d63100000',
        data: '0x0102',
        gas: '0xc350',
        chainId: '0x1',
      },
    ])
  })

  test('asks once for another chain, and goes on there', async () => {
    const wallet = new TestWallet()
    wallet.chainId = 10
    expect(await open(pageWith(wallet)).send('one.example', call)).toMatchObject({ ok: true })
    expect(wallet.count('wallet_switchEthereumChain')).toBe(1)
  })

  test.each([
    ['refuses', refuse(4001)],
    ['does not know it', refuse(4902)],
    ['says yes and stays', () => null],
  ])('sends nothing where the wallet is asked for another chain and %s', async (_, answer) => {
    const wallet = new TestWallet({ wallet_switchEthereumChain: answer })
    wallet.chainId = 10
    expect(await open(pageWith(wallet)).send('one.example', call)).toEqual({
      ok: false,
      error: { kind: 'injectedOtherChain', chainId: 10 },
    })
    expect(wallet.count('wallet_switchEthereumChain')).toBe(1)
    expect(wallet.count('eth_sendTransaction')).toBe(0)
  })

  test('sends nothing from another account, also if it changes with the chain', async () => {
    const wallet = new TestWallet()
    wallet.accounts = [stranger.address]
    const wallets = open(pageWith(wallet))
    expect(await wallets.send('one.example', call)).toMatchObject({ error: { kind: 'injectedOtherAccount' } })
    const moving = new TestWallet({
      wallet_switchEthereumChain: () => {
        moving.chainId = 1
        moving.accounts = [stranger.address]
      },
    })
    moving.chainId = 10
    expect(await open(pageWith(moving)).send('one.example', call)).toMatchObject({
      error: { kind: 'injectedOtherAccount' },
    })
    expect(wallet.count('eth_sendTransaction') + moving.count('eth_sendTransaction')).toBe(0)
  })

  test('that is refused is certainly not sent; what fails otherwise may be', async () => {
    const refused = open(pageWith(new TestWallet({ eth_sendTransaction: refuse(4001) })))
    expect(await refused.send('one.example', call)).toMatchObject({ error: { kind: 'injectedRefused' } })
    const failed = open(pageWith(new TestWallet({ eth_sendTransaction: refuse(-32603) })))
    expect(await failed.send('one.example', call)).toMatchObject({
      error: { kind: 'injectedFailed', detail: '-32603 no' },
    })
  })

  test.each([[undefined], ['0x12'], [{ hash }], [`${hash}00`]])(
    'with %j for a hash has failed',
    async answer => {
      const wallets = open(pageWith(new TestWallet({ eth_sendTransaction: () => answer })))
      expect(await wallets.send('one.example', call)).toMatchObject({ error: { kind: 'injectedFailed' } })
    },
  )
})

describe('signing typed data', () => {
  test('is of the very digest that this app works out', async () => {
    const wallets = open(pageWith(new TestWallet()))
    const signed = await wallets.signTypedData('one.example', account, typedData)
    if (!signed.ok) throw new Error(signed.error.kind)
    const digest = toHex(hashTypedData(typedData))
    expect(signed.value).toBe(await signer.sign({ hash: digest }))
    // What the wallet was handed reads the same to another library.
    const wallet = new TestWallet()
    await open(pageWith(wallet)).signTypedData('one.example', account, typedData)
    const [from, json] = wallet.asked.find(({ method }) => method === 'eth_signTypedData_v4')?.params ?? []
    expect(from).toBe(account)
    expect(viemHash(JSON.parse(String(json)))).toBe(digest)
  })

  test('with v as 0 or 1, as some hardware has it, is put right', async () => {
    const wallet = new TestWallet({
      eth_signTypedData_v4: async ([, json]) => {
        const { r, s, yParity } = parseSignature(await signer.signTypedData(JSON.parse(String(json))))
        return `${r}${s.slice(2)}0${yParity}`
      },
    })
    const signed = await open(pageWith(wallet)).signTypedData('one.example', account, typedData)
    expect(signed).toEqual({ ok: true, value: await signer.sign({ hash: toHex(hashTypedData(typedData)) }) })
  })

  test('by another key than that of the account is found out', async () => {
    const wallet = new TestWallet()
    wallet.key = stranger
    expect(await open(pageWith(wallet)).signTypedData('one.example', account, typedData)).toMatchObject({
      error: { kind: 'injectedOtherAccount' },
    })
  })

  test('of something else is found out', async () => {
    const wallet = new TestWallet({
      eth_signTypedData_v4: ([, json]) => {
        const data = JSON.parse(String(json))
        return signer.signTypedData({ ...data, message: { ...data.message, counter: '8' } })
      },
    })
    expect(await open(pageWith(wallet)).signTypedData('one.example', account, typedData)).toMatchObject({
      ok: false,
    })
  })

  test.each([[null], ['0x'], ['0xzz'], [`0x${'00'.repeat(65)}`]])(
    'with %j for a signature fails',
    async answer => {
      const wallets = open(pageWith(new TestWallet({ eth_signTypedData_v4: () => answer })))
      expect(await wallets.signTypedData('one.example', account, typedData)).toMatchObject({ ok: false })
    },
  )

  test('is refused by the person, or by the chain that the wallet is on', async () => {
    const refused = open(pageWith(new TestWallet({ eth_signTypedData_v4: refuse(4001) })))
    expect(await refused.signTypedData('one.example', account, typedData)).toMatchObject({
      error: { kind: 'injectedRefused' },
    })
    const elsewhere = new TestWallet({ wallet_switchEthereumChain: refuse(4001) })
    elsewhere.chainId = 10
    expect(await open(pageWith(elsewhere)).signTypedData('one.example', account, typedData)).toMatchObject({
      error: { kind: 'injectedOtherChain' },
    })
    expect(elsewhere.count('eth_signTypedData_v4')).toBe(0)
  })
})
