// A signed order on its way to the kiosk: to its own node, or to the box that it looks at; and who has it is written down.
import type { OrderRefusal } from '../../../core/kiosk/orderMessage.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import type { BoughtRecord, BuyerParts } from './buyerParts.ts'

interface HandInParts extends Pick<BuyerParts, 'ports' | 'orderPeers'> {
  readonly keep: (record: BoughtRecord) => Promise<Result<null, Failure>>
}

/** What the kiosk may think better of by itself: the order stays good, and waits at the box. */
const PASSING: ReadonlySet<OrderRefusal> = new Set(['chainUnreachable', 'chainUnproven', 'unable'])

/**
 * The kiosk answers at once; where it can't be met, or can't judge now, the order goes to the box. `kind`: an OrderRefusal for
 * good, or signedNotHandedIn. ok with nobody having it where there is neither: then its code is shown to the kiosk.
 */
export async function handInOrder(
  { ports, orderPeers, keep }: HandInParts,
  record: BoughtRecord,
): Promise<Result<null, Failure>> {
  const { signed, boxUrl, peerKey = null } = record
  if (signed === null) return fail({ kind: 'notBought' })
  const answer = peerKey && (await (await orderPeers()).handOver(peerKey, signed))
  if (answer?.ok && answer.value.kind === 'taken') return keep({ ...record, holder: 'kiosk' })
  if (answer?.ok && answer.value.kind === 'refused' && !PASSING.has(answer.value.refusal)) {
    const { refusal } = answer.value
    const kept = await keep({ ...record, refused: refusal })
    return kept.ok ? fail({ kind: refusal }) : kept
  }
  if (boxUrl === null) {
    if (answer === null) return ok(null)
    return fail({ kind: 'signedNotHandedIn', detail: answer.ok ? 'it can’t judge now' : answer.error.kind })
  }
  const handed = await ports.box.handIn(boxUrl, record.terms.deviceId, signed)
  return handed.ok
    ? keep({ ...record, holder: 'box' })
    : fail({ kind: 'signedNotHandedIn', detail: handed.error.kind })
}
