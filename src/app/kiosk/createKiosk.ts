// The kiosk over its ports: before it is set up it has a code to show, and then it sells.
import type { Bytes } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { hasSlot } from '../../core/vending/vendTerms.ts'
import { Observable } from '../observable.ts'
import type { KioskPorts } from '../ports/kiosk.ts'
import type { WalletPorts } from '../ports.ts'
import { unreachableChain } from '../wallet/unreachableChain.ts'
import { Part } from '../world.ts'
import { askBoxes } from './askBoxes.ts'
import { depthChains } from './depthChains.ts'
import { insideOf } from './inside.ts'
import type { Kiosk, KioskInside, KioskMachine, KioskSale, KioskSetup, ShownCatalogue } from './kiosk.ts'
import { type KioskKeys, type KioskParts, kioskDomain, type StoredSetup } from './parts.ts'
import { pictureOf } from './pictures.ts'
import { openPin } from './pin.ts'
import { returnGas } from './returnGas.ts'
import { type ReadySetup, startSelling } from './selling.ts'
import { chooseMachine, clearSetup, kioskCode, kioskKeys, loadSetup, takeAnswer } from './setup.ts'

export type KioskWorld = Omit<KioskParts, 'chainAt' | 'walletChain' | 'lockKeys' | 'services'> & {
  readonly ports: KioskPorts
  readonly walletPorts: Pick<WalletPorts, 'chain' | 'lockKeys'>
  readonly services: KioskParts['services']
  /** Verified bytes of a small file, also from these trustless gateways. */
  file(cid: string, gateways: readonly string[]): Promise<Result<Bytes, Failure>>
}

/** Milliseconds, and how often. */
const ASK_AGAIN = 2_000
const ASK_OFTEN = 30

type Selling = Awaited<ReturnType<typeof startSelling>>

export async function createKiosk(world: KioskWorld): Promise<Kiosk> {
  const { ports, walletPorts, platform, config } = world
  const wallet = new Part(
    made => walletPorts.chain(made),
    ({ chain }) => chain,
  )
  const parts: KioskParts = {
    ...world,
    lockKeys: walletPorts.lockKeys,
    walletChain: () => wallet.of(config()).catch(() => unreachableChain),
    chainAt: depthChains(ports, config),
  }
  const setup = new Observable<KioskSetup>({ kind: 'loading' })
  const catalogue = new Observable<ShownCatalogue | null>(null)
  const sale = new Observable<KioskSale>({ kind: 'idle' })
  const inside = new Observable<KioskInside>(insideOf(null))
  const isLost = new Observable(false)
  let stored: StoredSetup | null = null
  let keys: KioskKeys | null = null
  let selling: Selling | null = null
  let ends: readonly (() => void)[] = []

  function show(): void {
    if (!kioskDomain(parts)) {
      setup.set({ kind: 'noMarket' })
      return
    }
    if (!stored || !keys) {
      setup.set({ kind: 'noMachine' })
      return
    }
    const { deviceId, deviceKey, name, answer, owner } = stored
    const machine: KioskMachine = {
      ...{ deviceId, deviceKey, name },
      code: kioskCode(parts, stored, keys),
      gasAddress: keys.gas.address,
    }
    if (!answer || !owner) {
      setup.set({ ...machine, kind: 'awaitingOwner' })
      return
    }
    const slots = Array.from({ length: 256 }, (_, slot) => slot).filter(slot =>
      hasSlot(answer.terms.slots, slot),
    )
    const grant = { notAfter: answer.grant.notAfter, slots, perDay: answer.terms.perDay }
    setup.set({ ...machine, kind: 'ready', owner, grant, boxUrl: answer.boxUrl ?? '' })
  }

  async function sell(ready: ReadySetup, ownKeys: KioskKeys, firstBlock: number | null): Promise<void> {
    const started = await startSelling(parts, ready, ownKeys, firstBlock)
    selling = started
    const follow = <T>(from: Observable<T>, to: Observable<T>) => {
      to.set(from.get())
      return from.subscribe(() => to.set(from.get()))
    }
    ends = [
      follow(started.catalogue, catalogue),
      follow(started.sale, sale),
      follow(started.inside, inside),
      follow(started.isLost, isLost),
    ]
  }

  async function stop(): Promise<void> {
    for (const end of ends) end()
    ends = []
    await selling?.close()
    selling = null
    sale.set({ kind: 'idle' })
    catalogue.set(null)
  }

  async function keysOrFail(): Promise<Result<KioskKeys, Failure>> {
    if (keys) return ok(keys)
    const made = await kioskKeys(parts)
    if (made.ok) keys = made.value
    return made
  }

  async function take(text: string): Promise<Result<null, Failure>> {
    if (!stored || !keys) return fail({ kind: 'noMachine' })
    const taken = await takeAnswer(parts, stored, keys, text)
    if (!taken.ok) return taken
    await stop()
    stored = taken.value.setup
    if (isReady(stored)) await sell(stored, keys, taken.value.block)
    show()
    return ok(null)
  }

  /** The owner of a demo machine answers by himself, once his claim is final; any other does in his app. */
  async function askAgain(asking: StoredSetup, times: number): Promise<void> {
    if (!keys || stored !== asking || times === 0) return
    const { agents, demo } = config()
    const boxes = demo ? (agents ?? []).map(({ url }) => url) : []
    const answer = await askBoxes(ports.box, boxes, asking.deviceId, kioskCode(parts, asking, keys))
    if (answer.kind === 'nobody' || stored !== asking) return
    const isTaken = answer.kind === 'answer' && (await take(answer.text)).ok
    if (!isTaken) platform.timer.after(ASK_AGAIN, () => void askAgain(asking, times - 1))
  }

  const pin = await openPin(ports, platform)
  stored = kioskDomain(parts) ? ((await loadSetup(parts)) ?? null) : null
  if (stored) {
    const made = await keysOrFail()
    if (made.ok && isReady(stored)) await sell(stored, made.value, null)
    else if (made.ok) void askAgain(stored, ASK_OFTEN)
  }
  show()

  return {
    setup,
    catalogue,
    sale,
    inside,
    isLost,
    pin,
    async chooseMachine(deviceKey) {
      if (selling?.hasOpenSale()) return fail({ kind: 'saleOpen' })
      const made = await keysOrFail()
      if (!made.ok) return made
      await stop()
      const chosen = await chooseMachine(parts, deviceKey)
      if (!chosen.ok) return chosen
      stored = chosen.value
      show()
      await askAgain(chosen.value, ASK_OFTEN)
      return ok(null)
    },
    takeAnswer: take,
    async forget(gasTo) {
      if (selling?.hasOpenSale()) return fail({ kind: 'saleOpen' })
      await stop()
      const returned = gasTo && keys ? await returnGas(parts, ports.stores.values, keys.gas, gasTo) : ok(null)
      if (!returned.ok) {
        if (stored && keys && isReady(stored)) await sell(stored, keys, null)
        return returned
      }
      await clearSetup(parts)
      stored = null
      show()
      return ok(null)
    },
    picture: cid => {
      const { values } = ports.stores
      return pictureOf({ values, file: world.file }, cid, stored?.answer?.boxUrl ?? null)
    },
    begin: async (product, quantity) =>
      selling ? selling.begin(product, quantity) : fail({ kind: 'productUnknown' }),
    startOver: () => selling?.startOver(),
    stop: async () => selling?.stop(),
    takeSignedOrder: async text => (selling ? selling.takeSignedOrder(text) : fail({ kind: 'otherSale' })),
    service: async (slot, change) => (selling ? selling.service(slot, change) : fail({ kind: 'noMachine' })),
    refresh: async () => selling?.refresh(),
    close: stop,
  }
}

/** Only of a network that has demo devices. */
const isReady = (setup: StoredSetup): setup is ReadySetup => setup.answer !== null && setup.owner !== null
