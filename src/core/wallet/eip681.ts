// Payment requests as links and codes: EIP-681 for plain payments and ERC-20 transfers, read strictly and written plainly.
import type { Address } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { checksumAddress, readAddress } from './address.ts'

export interface PaymentUri {
  readonly to: Address
  /** null where it names none. */
  readonly chainId: number | null
  /** The token's contract; null for the chain's coin. */
  readonly token: Address | null
  /** In the smallest unit; null where the payer decides. */
  readonly amount: bigint | null
}

export type PaymentUriError =
  /** Also for what asks for more than a payment (another function, a name instead of an address), or says something twice. */
  { readonly kind: 'notAPaymentRequest' } | { readonly kind: 'addressChecksum' }

const nothing = fail({ kind: 'notAPaymentRequest' } as const)

/** Far more than any request has. */
const MAX_TEXT = 1024
const MAX_AMOUNT = (1n << 256n) - 1n

/** Left to the wallet: what whoever wants money proposes for the fee. */
const IGNORED: readonly string[] = ['gas', 'gasLimit', 'gasPrice']

/**
 * `ethereum:[pay-]address[@chain][/transfer][?…]` with `value`, or `address` and `uint256` (EIP-681, "Syntax"), and bare
 * addresses. Names (ENS) are not resolved.
 */
export function parsePaymentUri(text: string): Result<PaymentUri, PaymentUriError> {
  const trimmed = text.trim()
  if (trimmed.length > MAX_TEXT) return nothing
  if (/^0x/.test(trimmed)) return bareAddress(trimmed)
  const match = /^ethereum:(?:pay-)?(0x[0-9a-fA-F]{40})(?:@(\d{1,16}))?(\/transfer)?(?:\?(.*))?$/i.exec(
    trimmed,
  )
  if (!match) return nothing
  const [, target = '', chain, transfer, query = ''] = match
  const chainId = chain === undefined ? null : Number(chain)
  if (chainId !== null && (!Number.isSafeInteger(chainId) || chainId < 1)) return nothing
  const address = addressOf(target)
  if (!address.ok) return address
  const values = parametersOf(query, transfer === undefined ? ['value'] : ['address', 'uint256'])
  if (!values) return nothing
  const amountText = values.get(transfer === undefined ? 'value' : 'uint256')
  const amount = amountText === undefined ? null : parseNumber(amountText)
  if (amount === undefined) return nothing
  if (transfer === undefined) return ok({ to: address.value, chainId, token: null, amount })
  const to = addressOf(values.get('address') ?? '')
  return to.ok ? ok({ to: to.value, chainId, token: address.value, amount }) : to
}

/** Addresses with their checksums (EIP-55), amounts as plain integers. Throws TypeError unless addresses are lower-case. */
export function formatPaymentUri({ to, chainId, token, amount }: PaymentUri): string {
  const chain = chainId === null ? '' : `@${chainId}`
  if (token === null) {
    return `ethereum:${checksumAddress(to)}${chain}${amount === null ? '' : `?value=${amount}`}`
  }
  const asked = amount === null ? '' : `&uint256=${amount}`
  return `ethereum:${checksumAddress(token)}${chain}/transfer?address=${checksumAddress(to)}${asked}`
}

function bareAddress(text: string): Result<PaymentUri, PaymentUriError> {
  const address = addressOf(text)
  return address.ok ? ok({ to: address.value, chainId: null, token: null, amount: null }) : address
}

function addressOf(text: string): Result<Address, PaymentUriError> {
  const read = readAddress(text)
  if (read.ok) return ok(read.value.address)
  return read.error.kind === 'addressChecksum' ? fail({ kind: 'addressChecksum' }) : nothing
}

/** undefined where there is something else than `known` and the fee, or one of them twice: what is not understood is not paid. */
function parametersOf(query: string, known: readonly string[]): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>()
  if (query === '') return values
  for (const pair of query.split('&')) {
    const [key = '', value = '', ...rest] = pair.split('=')
    if (rest.length > 0 || values.has(key)) return undefined
    if (!known.includes(key) && !IGNORED.includes(key)) return undefined
    values.set(key, value)
  }
  return values
}

/**
 * EIP-681's `number`: digits with an optional fraction and exponent (`1.5e18`), a whole number of 256 bits in the end.
 * undefined for anything else.
 */
function parseNumber(text: string): bigint | undefined {
  const match = /^\+?(\d{1,78})(?:\.(\d{1,78}))?(?:e\+?(\d{1,2}))?$/i.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = '', exponent = '0'] = match
  const zeros = Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction)
  if (zeros >= 0) return within(digits * 10n ** BigInt(zeros))
  const divisor = 10n ** BigInt(-zeros)
  return digits % divisor === 0n ? within(digits / divisor) : undefined
}

const within = (amount: bigint): bigint | undefined => (amount <= MAX_AMOUNT ? amount : undefined)
