// What is put aside for a seller just now.
import type { Address } from '../../core/bytes.ts'
import type { ChannelView } from './channels.ts'

export type Funds =
  | { readonly kind: 'none' }
  /** A channel is on its way. */
  | { readonly kind: 'opening' }
  /** The fullest open channel, and what of it is not signed away; smallest unit of the coin. */
  | { readonly kind: 'open'; readonly channel: ChannelView; readonly left: bigint }

export const leftOf = ({ deposit, promised }: ChannelView): bigint => deposit.value - promised.value

export function fundsFor(channels: readonly ChannelView[], payee: Address): Funds {
  const mine = channels.filter(({ role, other, canPay }) => role === 'payer' && other === payee && canPay)
  const open = mine.filter(({ state }) => state.kind === 'open')
  const [fullest] = open.toSorted((a, b) => (leftOf(b) > leftOf(a) ? 1 : -1))
  if (fullest) return { kind: 'open', channel: fullest, left: leftOf(fullest) }
  return { kind: mine.some(({ state }) => state.kind === 'opening') ? 'opening' : 'none' }
}
