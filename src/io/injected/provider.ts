// One EIP-1193 provider, and how its errors are told. Nothing that it answers is believed without a look.
import type { InjectedFailure } from '../../app/ports/injectedWallets.ts'
import { type Address, fromHex, type Hex, toHex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'

/** The part of EIP-1193 that is used. */
export interface Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
  on?(event: string, listener: (detail: unknown) => void): unknown
}

export function isProvider(value: unknown): value is Provider {
  return (
    typeof value === 'object' && value !== null && 'request' in value && typeof value.request === 'function'
  )
}

export interface ProviderError {
  /** EIP-1193, "Provider Errors", and EIP-1474; null where there is none. */
  readonly code: number | null
  readonly message: string
}

const USER_REJECTED = 4001
const UNAUTHORIZED = 4100

/** The errors that wallets throw are objects of all kinds; only what is none of ours is passed on. */
export async function request(
  provider: Provider,
  method: string,
  params: readonly unknown[] = [],
): Promise<Result<unknown, { readonly kind: 'providerError' } & ProviderError>> {
  try {
    return ok(await provider.request({ method, params }))
  } catch (error) {
    return fail({ kind: 'providerError', ...errorOf(error) })
  }
}

function errorOf(error: unknown): ProviderError {
  if (typeof error !== 'object' || error === null) return { code: null, message: String(error).slice(0, 200) }
  const code = 'code' in error && typeof error.code === 'number' ? error.code : null
  const message = 'message' in error && typeof error.message === 'string' ? error.message : ''
  return { code, message: message.slice(0, 200) }
}

export function failureOf({ code, message }: ProviderError): InjectedFailure {
  if (code === USER_REJECTED) return { kind: 'injectedRefused' }
  return { kind: 'injectedFailed', detail: `${code ?? ''} ${message}`.trim() }
}

/** Asked without a window: not to be allowed to know any is no fault. */
export async function grantedAccounts(
  provider: Provider,
): Promise<Result<readonly Address[], InjectedFailure>> {
  const accounts = await request(provider, 'eth_accounts')
  if (accounts.ok) return ok(readAccounts(accounts.value))
  return accounts.error.code === UNAUTHORIZED ? ok([]) : fail(failureOf(accounts.error))
}

/** In lower case; what is no address is left out. */
export function readAccounts(value: unknown): readonly Address[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: unknown) => {
    const bytes = typeof each === 'string' ? fromHex(each) : undefined
    return bytes?.length === 20 ? [toHex(bytes)] : []
  })
}

/** Wallets give `0x…` as EIP-695 demands, decimal text or a number. */
export async function chainIdOf(provider: Provider): Promise<Result<number, InjectedFailure>> {
  const id = await request(provider, 'eth_chainId')
  if (!id.ok) return fail(failureOf(id.error))
  const number = typeof id.value === 'number' || typeof id.value === 'string' ? Number(id.value) : Number.NaN
  return Number.isSafeInteger(number) && number > 0
    ? ok(number)
    : fail({ kind: 'injectedFailed', detail: 'it names no chain' })
}

export const isHash = (value: unknown): value is Hex =>
  typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value)
