// What a person wants sent, as the call that does it.
import { type Address, type Bytes, concat, fromHex } from '../../core/bytes.ts'
import type { NetworkConfig } from '../../core/network.ts'
import { abiAddress, abiEncode, abiUint } from '../../core/registry/abi.ts'
import { reportCall, setUserCall } from '../../core/registry/deviceCalls.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { selectorOf } from '../../core/wallet/abiShape.ts'
import type { WriteRequest } from './wallet.ts'

export interface BareCall {
  readonly to: Address
  readonly value: bigint
  readonly data: Bytes
}

export type CallFailure =
  | { readonly kind: 'notOnThisNetwork' }
  | { readonly kind: 'transactionInvalid'; readonly detail: string }

export const noData: Bytes = new Uint8Array()

/** `amount` is that of a `send`: what `all` comes to was worked out by then. */
export function callOf(
  write: WriteRequest,
  amount: bigint,
  config: NetworkConfig,
): Result<BareCall, CallFailure> {
  const fault = faultOf(write, amount)
  if (fault !== undefined) return fail({ kind: 'transactionInvalid', detail: fault })
  const registry = config.chain.contracts?.deviceRegistry
  switch (write.kind) {
    case 'send':
      return ok(
        write.token === null
          ? { to: write.to, value: amount, data: noData }
          : { to: write.token, value: 0n, data: tokenTransfer(write.to, amount) },
      )
    case 'call': {
      const data = fromHex(write.data)
      return data
        ? ok({ to: write.to, value: write.value, data })
        : fail({ kind: 'transactionInvalid', detail: 'data' })
    }
    case 'report':
      return registry
        ? ok({ to: registry, value: 0n, data: reportCall(write.deviceId, write.report) })
        : fail({ kind: 'notOnThisNetwork' })
    case 'setUser':
      return registry
        ? ok({ to: registry, value: 0n, data: setUserCall(write.deviceId, write.user, write.expires) })
        : fail({ kind: 'notOnThisNetwork' })
  }
}

/** `transfer(address,uint256)` of ERC-20. */
function tokenTransfer(to: Address, amount: bigint): Bytes {
  const selector = fromHex(selectorOf('transfer(address,uint256)'))
  if (!selector) throw new Error('a selector is hexadecimal')
  return concat(selector, abiEncode([abiAddress(to), abiUint(amount)]))
}

const isAddress = (text: string): boolean => /^0x[0-9a-f]{40}$/.test(text)
const isWord = (value: bigint): boolean => value >= 0n && value < 1n << 256n

function faultOf(write: WriteRequest, amount: bigint): string | undefined {
  switch (write.kind) {
    case 'send':
      if (!isAddress(write.to)) return 'to'
      if (write.token !== null && !isAddress(write.token)) return 'token'
      return isWord(amount) ? undefined : 'amount'
    case 'call':
      return isAddress(write.to) ? undefined : 'to'
    case 'report':
      return undefined
    case 'setUser':
      if (!isAddress(write.user)) return 'user'
      return Number.isSafeInteger(write.expires) && write.expires >= 0 ? undefined : 'expires'
  }
}
