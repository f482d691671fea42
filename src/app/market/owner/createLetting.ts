// Letting, put together: what the owner sees of each device, and what he can do with it.
import type { Address, Hex } from '../../../core/bytes.ts'
import { toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { termsFault } from '../../../core/registry/offerRules.ts'
import { Observable, type Readable } from '../../observable.ts'
import type { WalletPorts } from '../../ports.ts'
import { everyBlock } from '../../wallet/walletNetwork.ts'
import { WhileWatched } from '../../wallet/whileWatched.ts'
import { readHours } from '../hours.ts'
import type { Letting, LettingView } from '../letting.ts'
import type { MarketParts } from '../parts.ts'
import { Granting } from './granting.ts'
import { LettingRecords } from './lettingRecords.ts'
import { lettingView } from './lettingViews.ts'
import { Offering } from './offering.ts'
import { readLetting } from './readLetting.ts'
import { Signers } from './signers.ts'

/** Milliseconds. */
const EVERY = 15_000
const EVERY_UNDER_WAY = 5_000

export interface LettingUseCases {
  /** Without `boxes`, which follow the network: a getter does not live through a spread. */
  readonly face: Omit<Letting, 'boxes'>
  readonly lendFree: Granting['lendFree']
  reload(): Promise<void>
}

export async function createLetting(
  parts: MarketParts,
  { page }: Pick<WalletPorts, 'page'>,
): Promise<LettingUseCases> {
  const { wallet, platform, config } = parts
  const records = new LettingRecords(parts.stores, config)
  const offering = new Offering(parts, records)
  const signers = new Signers(parts, records)
  const granting = new Granting(parts, records)
  const shown = new Map<
    DeviceId,
    { readonly view: Observable<LettingView>; readonly watched: Readable<LettingView> }
  >()
  const failures = new Map<DeviceId, LettingView['lastFailure']>()
  let ownerKey: Hex | null = null

  const accountsOf = (deviceId: DeviceId): readonly Address[] => {
    const owner = wallet.owner.get()
    const device = wallet.devices.get().find(each => each.deviceId === deviceId)
    return [...new Set([...(owner ? [owner.address] : []), ...(device ? [device.account.address] : [])])]
  }

  const viewOf = (deviceId: DeviceId): LettingView =>
    lettingView(deviceId, records.get(deviceId), {
      config: config(),
      payments: wallet.payments.get(),
      now: platform.unixNow(),
      device: wallet.devices.get().find(each => each.deviceId === deviceId),
      ownerKey,
      accounts: accountsOf(deviceId),
      lent: records.lent.get(),
      lastFailure: failures.get(deviceId) ?? null,
    })

  function show(): void {
    for (const [deviceId, { view }] of shown) view.set(viewOf(deviceId))
  }

  async function read(deviceId: DeviceId): Promise<void> {
    const key = await parts.ownerKey.remembered()
    ownerKey = key && toHex(key)
    const outcome = await readLetting(parts, records, deviceId, accountsOf(deviceId)).catch(
      (error: unknown) => ({
        ok: false as const,
        error: { kind: 'unexpectedError', detail: error instanceof Error ? error.message : String(error) },
      }),
    )
    const { kind, detail } = outcome.ok
      ? { kind: null, detail: undefined }
      : { detail: undefined, ...outcome.error }
    failures.set(deviceId, kind === null ? null : detail === undefined ? { kind } : { kind, detail })
    show()
  }

  function letting(deviceId: DeviceId): Readable<LettingView> {
    const known = shown.get(deviceId)
    if (known) return known.watched
    const view = new Observable(viewOf(deviceId))
    const isUnderWay = () => {
      const { offers, stays } = view.get()
      return (
        offers.some(({ state }) => state === 'making') ||
        stays.some(({ state }) => ['waiting', 'signing', 'withBox'].includes(state.kind))
      )
    }
    const watching = new WhileWatched(platform, page, {
      everyMs: () => (isUnderWay() ? everyBlock(parts.config(), EVERY_UNDER_WAY) : EVERY),
      run: () => read(deviceId),
    })
    const seen = watching.watched(view)
    const watched: Readable<LettingView> = {
      get: () => view.get(),
      subscribe(listener) {
        const ends = [
          seen.subscribe(listener),
          wallet.payments.subscribe(() => {
            show()
            watching.soon()
          }),
        ]
        return () => {
          for (const end of ends) end()
        }
      },
    }
    shown.set(deviceId, { view, watched })
    return watched
  }

  await records.load()
  for (const source of [records.all, records.lent, wallet.devices, wallet.owner]) source.subscribe(show)
  wallet.vault.state.subscribe(() => {
    void parts.ownerKey.remembered().then(
      key => {
        ownerKey = key && toHex(key)
        show()
      },
      () => {},
    )
  })
  const remembered = await parts.ownerKey.remembered()
  ownerKey = remembered && toHex(remembered)

  return {
    reload: () => records.load(),
    lendFree: request => granting.lendFree(request),
    face: {
      letting,
      readLetting: read,
      termsFault,
      proposeOffer: (terms, open) => offering.offer(terms, open),
      proposePause: (offerId, isPaused) => offering.pause(offerId, isPaused),
      proposeHours: (deviceId, open) => offering.hours(deviceId, open),
      readOwnHours: (deviceId, range) => readHours(parts, deviceId, range),
      tellMarket: deviceId => signers.tellMarket(deviceId),
      bringSettings: deviceId => signers.bringSettings(deviceId),
      chooseBox: (deviceId, url) => signers.chooseBox(deviceId, url),
      choosePhone: deviceId => signers.choosePhone(deviceId),
      proposeBox: (deviceId, isOn) => signers.proposeBox(deviceId, isOn),
      confirmBox: proposal => signers.confirmBox(proposal),
      setTakesProofs: (deviceId, takes) => signers.setTakesProofs(deviceId, takes),
      revokeAll: deviceId => signers.revokeAll(deviceId),
      proposeSign: (deviceId, orderId) => granting.proposeSign(deviceId, orderId),
      signAgain: (deviceId, orderId) => granting.signAgain(deviceId, orderId),
      proposeWithdraw: (deviceId, account, token) => offering.payOut(deviceId, account, token),
      lend: request => granting.lend(request),
      forgetLent: id => records.forgetLent(id),
    },
  }
}
