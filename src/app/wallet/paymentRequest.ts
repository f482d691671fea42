// What a scanned code, a link or typed text asks for, as far as this network can pay it.
import type { NetworkConfig } from '../../core/network.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { parsePaymentUri } from '../../core/wallet/eip681.ts'
import type { PaymentRequest, PaymentRequestFailure } from './wallet.ts'
import { unitOf } from './walletNetwork.ts'

export function readPaymentRequest(
  text: string,
  config: NetworkConfig,
): Result<PaymentRequest, PaymentRequestFailure> {
  const read = parsePaymentUri(text)
  if (!read.ok) return read
  const { chainId, token } = read.value
  if (chainId !== null && chainId !== config.chain.id) return fail({ kind: 'otherChain', chainId })
  if (token !== null && !unitOf(config, token)) return fail({ kind: 'unknownToken', address: token })
  return ok(read.value)
}
