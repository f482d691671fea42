// A wallet as browser extensions are: announced to every page (EIP-6963), with its own key, its own window, and moods.
import { randomBytes } from 'node:crypto'
import { createWalletClient, type Hex, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Address } from '../../../src/core/bytes.ts'
import type { Phone } from './phone.ts'

/** `silent`: its window is open, and nobody looks at it. */
type Mood = 'agrees' | 'refuses' | 'silent'

interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

/** As a page gives it: quantities in hexadecimal. */
interface SentTransaction {
  readonly from: Address
  readonly to: Address
  readonly value: Hex
  readonly data: Hex
  readonly gas: Hex
}

/** What a person has to agree to in its window. */
const asking = new Set(['eth_requestAccounts', 'eth_sendTransaction', 'wallet_switchEthereumChain'])
const REFUSED = { code: 4001, message: 'The person said no.' }
const UNKNOWN = { code: 4200, message: 'This wallet has no such method.' }

export class InjectedWallet {
  readonly name = 'Test Fox'
  readonly address: Address
  mood: Mood = 'agrees'
  /** Methods that pages have called, and that a person would have been asked about. */
  readonly asked: string[] = []
  private chainId = 1
  private isConnected = false
  private readonly account = privateKeyToAccount(generatePrivateKey())
  private readonly chainUrl: string

  constructor(chainUrl: string) {
    this.chainUrl = chainUrl
    this.address = this.account.address.toLowerCase() as Address
  }

  /** From the next page on. */
  async install(phone: Phone): Promise<void> {
    const binding = `wallet${randomBytes(8).toString('hex')}`
    await phone.browser.exposeFunction(binding, (call: Call) => this.answer(call))
    await phone.browser.addInitScript(announce, { binding, name: this.name })
  }

  private async answer(
    call: Call,
  ): Promise<{ readonly result: unknown } | { readonly error: typeof REFUSED }> {
    const { method, params } = call
    if (asking.has(method)) {
      this.asked.push(method)
      if (this.mood === 'refuses') return { error: REFUSED }
      if (this.mood === 'silent') return new Promise(() => undefined)
    }
    switch (method) {
      case 'eth_chainId':
        return { result: `0x${this.chainId.toString(16)}` }
      case 'eth_accounts':
        return { result: this.isConnected ? [this.account.address] : [] }
      case 'eth_requestAccounts':
        this.isConnected = true
        return { result: [this.account.address] }
      case 'wallet_switchEthereumChain':
        this.chainId = Number((params[0] as { readonly chainId: Hex }).chainId)
        return { result: null }
      case 'eth_sendTransaction':
        return { result: await this.send(params[0] as SentTransaction) }
      default:
        return { error: UNKNOWN }
    }
  }

  private send({ to, value, data, gas }: SentTransaction): Promise<Hex> {
    const client = createWalletClient({ account: this.account, transport: http(this.chainUrl) })
    const call = { to, value: BigInt(value), data, gas: BigInt(gas) }
    return client.sendTransaction({ ...call, chain: null })
  }
}

/** Runs in the page, before anything of the app. */
function announce({ binding, name }: { readonly binding: string; readonly name: string }): void {
  const provider = {
    async request({
      method,
      params = [],
    }: {
      readonly method: string
      readonly params?: readonly unknown[]
    }) {
      const ask: (call: object) => Promise<{ result: unknown } | { error: object }> = Reflect.get(
        window,
        binding,
      )
      const answer = await ask({ method, params })
      if ('error' in answer) throw answer.error
      return answer.result
    },
    on: () => undefined,
  }
  const info = {
    uuid: crypto.randomUUID(),
    name,
    rdns: 'fob.test.fox',
    icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="orange"/></svg>',
  }
  const tell = () =>
    window.dispatchEvent(
      new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }),
    )
  window.addEventListener('eip6963:requestProvider', tell)
  tell()
}
