// Boxes that answer kiosks in their owner's place, as the demo machine's does: what is asked of them is asked again while one of them is away.
import type { DeviceId } from '../../core/identity.ts'
import type { KioskBox } from '../ports/kiosk.ts'

export type BoxAnswer =
  | { readonly kind: 'answer'; readonly text: string }
  /** A box that might have answered was not there. */
  | { readonly kind: 'later' }
  /** The owner answers in his app. */
  | { readonly kind: 'nobody' }

export async function askBoxes(
  box: Pick<KioskBox, 'ask'>,
  urls: readonly string[],
  deviceId: DeviceId,
  code: string,
): Promise<BoxAnswer> {
  let isAway = false
  for (const url of urls) {
    const answer = await box.ask(url, deviceId, code)
    if (!answer.ok) isAway = true
    else if (answer.value !== null) return { kind: 'answer', text: answer.value }
  }
  return { kind: isAway ? 'later' : 'nobody' }
}
