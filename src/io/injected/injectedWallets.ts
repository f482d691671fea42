// Wallets that the browser brings: asked for accounts, transactions and signatures, and checked in what they answer.
import type { InjectedFailure, InjectedWallets } from '../../app/ports/injectedWallets.ts'
import { type Address, fromHex, toHex } from '../../core/bytes.ts'
import { hashTypedData } from '../../core/eip712.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { signerOf } from '../../core/wallet/accountSignature.ts'
import { AnnouncedWallets, type WalletHost } from './announced.ts'
import {
  chainIdOf,
  failureOf,
  grantedAccounts,
  isHash,
  type Provider,
  readAccounts,
  request,
} from './provider.ts'
import { typedDataJson } from './typedDataJson.ts'

/** Extensions announce themselves within a moment of the page's start; wallets' own browsers take longer. */
const ANNOUNCE_MS = 1_000

export interface InjectedOptions {
  readonly announceMs?: number
}

export function createInjectedWallets(
  host: WalletHost,
  { announceMs = ANNOUNCE_MS }: InjectedOptions = {},
): InjectedWallets & { close(): void } {
  const wallets = new AnnouncedWallets(host)

  /** Everything that is certain before the wallet's own window opens: it is there, of our account and on our chain. */
  async function prepare(
    id: string,
    account: Address,
    chainId: number | null,
  ): Promise<Result<Provider, InjectedFailure>> {
    const provider = await wallets.wait(id, announceMs)
    if (!provider) return fail({ kind: 'injectedMissing' })
    const granted = await checkGranted(provider, account)
    if (!granted.ok) return granted
    const onChain = chainId === null ? ok(null) : await reachChain(provider, chainId)
    if (!onChain.ok) return onChain
    // Some wallets give another account with another chain.
    const still = await checkGranted(provider, account)
    return still.ok ? ok(provider) : still
  }

  return {
    found: { get: () => wallets.list, subscribe: listener => wallets.subscribe(listener) },

    async connect(id) {
      const provider = wallets.find(id)
      if (!provider) return fail({ kind: 'injectedMissing' })
      const accounts = await request(provider, 'eth_requestAccounts')
      if (!accounts.ok) return fail(failureOf(accounts.error))
      const [account] = readAccounts(accounts.value)
      return account ? ok(account) : fail({ kind: 'injectedFailed', detail: 'it gave no account' })
    },

    async reconnect(id, account) {
      const prepared = await prepare(id, account, null)
      return prepared.ok ? ok(null) : prepared
    },

    async send(id, { from, to, value, data, chainId, gasLimit }) {
      const prepared = await prepare(id, from, chainId)
      if (!prepared.ok) return prepared
      const transaction = {
        from,
        to,
        value: quantity(value),
        data: toHex(data),
        gas: quantity(gasLimit),
        chainId: quantity(BigInt(chainId)),
      }
      const sent = await request(prepared.value, 'eth_sendTransaction', [transaction])
      if (!sent.ok) return fail(failureOf(sent.error))
      return isHash(sent.value)
        ? ok(lower(sent.value))
        : fail({ kind: 'injectedFailed', detail: 'it gave no hash of a transaction' })
    },

    async signTypedData(id, account, typedData) {
      const { chainId } = typedData.domain
      const prepared = await prepare(id, account, chainId === undefined ? null : Number(chainId))
      if (!prepared.ok) return prepared
      const params = [account, typedDataJson(typedData)]
      const signed = await request(prepared.value, 'eth_signTypedData_v4', params)
      if (!signed.ok) return fail(failureOf(signed.error))
      const signature = typeof signed.value === 'string' ? fromHex(signed.value) : undefined
      if (signature?.length !== 65)
        return fail({ kind: 'injectedFailed', detail: 'it gave no signature of an account' })
      const normal = withUsualV(signature)
      if (signerOf(hashTypedData(typedData), normal) !== account)
        return fail({ kind: 'injectedOtherAccount' })
      return ok(toHex(normal))
    },

    close: () => wallets.close(),
  }
}

async function checkGranted(provider: Provider, account: Address): Promise<Result<null, InjectedFailure>> {
  const accounts = await grantedAccounts(provider)
  if (!accounts.ok) return accounts
  return accounts.value.includes(account) ? ok(null) : fail({ kind: 'injectedOtherAccount' })
}

/** Asks for the change once (EIP-3326), and looks whether it came about. */
async function reachChain(provider: Provider, chainId: number): Promise<Result<null, InjectedFailure>> {
  const before = await chainIdOf(provider)
  if (!before.ok) return before
  if (before.value === chainId) return ok(null)
  await request(provider, 'wallet_switchEthereumChain', [{ chainId: quantity(BigInt(chainId)) }])
  const after = await chainIdOf(provider)
  if (!after.ok) return after
  return after.value === chainId ? ok(null) : fail({ kind: 'injectedOtherChain', chainId: after.value })
}

const quantity = (value: bigint) => `0x${value.toString(16)}` as const
const lower = (hash: string) => `0x${hash.slice(2).toLowerCase()}` as const

/** Some hardware gives 0 and 1 for v, where contracts take 27 and 28. */
function withUsualV(signature: Uint8Array): Uint8Array {
  const v = signature[64] ?? 0
  return v < 27 ? Uint8Array.of(...signature.subarray(0, 64), v + 27) : signature
}
