// The kiosk's word to its owner, by way of the box: stock, alarms and gas, signed by the kiosk's key.
import { toHex } from '../../core/bytes.ts'
import { reportDigest, writeReport } from '../../core/kiosk/report.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import type { KioskInside } from './kiosk.ts'
import type { EndedRequest } from './ownerRequests.ts'
import type { KioskKeys, KioskParts, StoredSetup } from './parts.ts'

interface Teller {
  readonly setup: Pick<StoredSetup, 'deviceId'>
  readonly keys: KioskKeys
  readonly boxUrl: string | null
  readonly domain: MarketDomain
}

/** Whether it arrived does not matter: there is another one soon. */
export async function tellOwner(
  { ports, platform }: KioskParts,
  { setup, keys, boxUrl, domain }: Teller,
  { slots, alarms, gas }: KioskInside,
  requests: readonly EndedRequest[],
): Promise<void> {
  if (boxUrl === null) return
  const content = writeReport({
    slots: slots.map(({ slot, unit, stock, capacity, fault, free }) => ({
      ...{ slot, unit, stock, capacity, fault, free },
    })),
    requests,
    alarms: [...new Set(alarms.map(({ kind }) => kind))],
    gasBalance: gas?.balance.value ?? 0n,
  })
  const said = { deviceId: setup.deviceId, at: platform.unixNow(), content }
  const signature = toHex(await keys.kiosk.sign(reportDigest(domain, said)))
  await ports.box.report(boxUrl, { ...said, kioskKey: toHex(keys.kiosk.publicKey), signature })
}
