// The owner's requests from afar: fetched from the box, each carried out once, and called done by the machine's own word alone.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Bytes, bytesEqual, utf8 } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import { decodeKioskGrantCode, type KioskGrantCode } from '../../core/kiosk/codes.ts'
import { checkOwnerRequest, type OwnerRequest } from '../../core/kiosk/ownerRequest.ts'
import { MAX_REQUESTS } from '../../core/kiosk/report.ts'
import { GrantAction, type MarketDomain } from '../../core/lock/grant.ts'
import { uintOf } from '../../core/lock/layout.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { MachineReading, MachineSlot } from '../../core/vending/machine.ts'
import type { SlotService } from '../../core/vending/readMachine.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import type { VendReceipt } from '../../core/vending/vendRecord.ts'
import { VendUse } from '../../core/vending/vendTerms.ts'
import type { KioskPorts } from '../ports/kiosk.ts'

/** What a request needs of the machine. */
export interface ServicedMachine {
  service(change: SlotService): Promise<Result<null, Failure>>
  read(): Promise<Result<MachineReading, Failure>>
  /** One unit for nothing, in a session of its own under this grant. */
  vendFreely(grant: KioskGrantCode, order: VendOrder): Promise<Result<VendReceipt, Failure>>
}

interface RequestParts {
  readonly ports: Pick<KioskPorts, 'box'> & { readonly stores: Pick<KioskPorts['stores'], 'values'> }
  readonly boxUrl: string | null
  readonly domain: MarketDomain
  readonly deviceId: DeviceId
  readonly owner: Address
  /** 32 bytes. */
  readonly kioskKeyHash: Bytes
  readonly machine: ServicedMachine
  readonly unixNow: () => number
}

export interface EndedRequest {
  readonly number: number
  /** `done`, or why it was not. */
  readonly end: string
}

interface Ended {
  readonly owner: Address
  /** Newest first. */
  readonly ended: readonly EndedRequest[]
}

/** After these the machine was not asked, or its word is missing: tried again until the request is over. */
const AGAIN: ReadonlySet<string> = new Set([
  'linkLost',
  'timeout',
  'outOfReach',
  'busyElsewhere',
  'vendUnfinished',
  'vendRunning',
  'machineBusy',
  'machineTimeUncertain',
  'lockTimeUntold',
])

export class OwnerRequests {
  readonly #parts: RequestParts
  #ended: readonly EndedRequest[] = []

  constructor(parts: RequestParts) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    const { ports, owner } = this.#parts
    const stored = await ports.stores.values.get<Ended>(this.#place)
    this.#ended = stored?.owner === owner ? stored.ended : []
  }

  /** Newest first. */
  get ended(): readonly EndedRequest[] {
    return this.#ended
  }

  /** Whether any has come to its end. Throws where that could not be written down. */
  async look(): Promise<boolean> {
    const { ports, boxUrl, domain, deviceId, owner, unixNow } = this.#parts
    if (boxUrl === null) return false
    const found = await ports.box.requests(boxUrl, deviceId)
    if (!found.ok) return false
    const due = found.value
      .flatMap(signed => {
        const checked = checkOwnerRequest(domain, signed, { deviceId, owner, now: unixNow() })
        return checked.ok && checked.value.number > this.#last ? [checked.value] : []
      })
      .toSorted((a, b) => a.number - b.number)
    let hasEnded = false
    for (const request of due) {
      const end = await this.#carryOut(request)
      if (end === null) break
      await this.#keep({ number: request.number, end })
      hasEnded = true
    }
    return hasEnded
  }

  get #place(): string {
    return `ownerRequests/${this.#parts.deviceId}`
  }

  get #last(): number {
    return this.#ended[0]?.number ?? 0
  }

  async #keep(request: EndedRequest): Promise<void> {
    const { ports, owner } = this.#parts
    const ended = [request, ...this.#ended].slice(0, MAX_REQUESTS)
    await ports.stores.values.put(this.#place, { owner, ended } satisfies Ended)
    this.#ended = ended
  }

  /** How it ended; null where it is worth trying again. */
  async #carryOut(request: OwnerRequest): Promise<string | null> {
    const { machine } = this.#parts
    const { act, slot, stock } = request
    if (act === 'test') return this.#test(request)
    const change: SlotService =
      act === 'fill'
        ? { slot, stock, isCleared: false }
        : { slot, isCleared: act === 'open', isClosed: act === 'close' }
    const told = await machine.service(change)
    if (!told.ok) return endOf(told.error)
    const read = await machine.read()
    if (!read.ok) return endOf(read.error)
    const state = read.value.slots.find(each => each.slot === slot)
    return state && isAsAsked(request, state) ? 'done' : 'machineSaysOtherwise'
  }

  async #test({ deviceId, number, until, slot, grant: code }: OwnerRequest): Promise<string | null> {
    const { machine, kioskKeyHash, domain } = this.#parts
    const grant = decodeKioskGrantCode(code)
    const isOurs =
      grant !== undefined &&
      grant.domain.chainId === domain.chainId &&
      grant.grant.deviceId === deviceId &&
      (grant.grant.actions & GrantAction.vend) !== 0 &&
      grant.terms.use === VendUse.free &&
      bytesEqual(grant.grant.userKeyHash, kioskKeyHash)
    if (!isOurs) return 'requestForOtherKiosk'
    // The same number is the same order: asked twice, it drops once.
    const orderId = uintOf(keccak_256(utf8(`fob kiosk test ${deviceId} ${number}`)))
    const vended = await machine.vendFreely(grant, { orderId, slot, quantity: 1, notAfter: until })
    if (!vended.ok) return endOf(vended.error)
    return vended.value.state === 'dropped' ? 'done' : vended.value.cause
  }
}

const endOf = ({ kind }: Failure): string | null => (AGAIN.has(kind) ? null : kind)

function isAsAsked({ act, stock }: OwnerRequest, state: MachineSlot): boolean {
  if (act === 'fill') return state.stock === stock
  return state.fault === (act === 'close' ? 'closed' : 'none')
}
