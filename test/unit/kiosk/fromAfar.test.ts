// The owner's requests over the reference machine: each done once, called done by the machine's word alone; and staff's vends counted.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OwnerRequests, type ServicedMachine } from '../../../src/app/kiosk/ownerRequests.ts'
import { StaffVends } from '../../../src/app/kiosk/staffVends.ts'
import { concat, toHex } from '../../../src/core/bytes.ts'
import { encodeType, hashTypedData } from '../../../src/core/eip712.ts'
import { encodeKioskGrantCode } from '../../../src/core/kiosk/codes.ts'
import {
  checkOwnerRequest,
  type OwnerRequest,
  ownerRequestTypedData,
  readOwnerRequest,
  type SignedOwnerRequest,
} from '../../../src/core/kiosk/ownerRequest.ts'
import { OWNER_ACTS, ownerRequestMessage } from '../../../src/core/kiosk/ownerRequestMessage.ts'
import { keyHash } from '../../../src/core/lock/ownership.ts'
import { fail, ok, type Result } from '../../../src/core/result.ts'
import { readMachine, serviceSlot } from '../../../src/core/vending/readMachine.ts'
import { acknowledge, pendingReceipts, vend } from '../../../src/core/vending/vend.ts'
import { openVendSession } from '../../../src/core/vending/vendSession.ts'
import { slotSet, VendUse } from '../../../src/core/vending/vendTerms.ts'
import { addressOfKey } from '../../../src/core/wallet/address.ts'
import { kioskDisk } from '../../fixtures/kioskWorld.ts'
import { DOMAIN, MARKET, must, NOW } from '../lock/lockWorld.ts'
import { KIOSK, order, STAFF, VendWorld } from '../vending/vendWorld.ts'

const secret = new Uint8Array(32).fill(0x21)
const owner = addressOfKey(secp256k1.getPublicKey(secret, false))
const domain = { chainId: DOMAIN.chainId, market: MARKET }

function signed(request: OwnerRequest, key = secret): SignedOwnerRequest {
  const digest = hashTypedData(ownerRequestTypedData(domain, request))
  const made = secp256k1.sign(digest, key, { prehash: false, lowS: true, format: 'recovered' })
  return { ...request, signature: toHex(concat(made.subarray(1), Uint8Array.of(27 + (made[0] ?? 0)))) }
}

async function kioskWorld() {
  const world = await VendWorld.start()
  const { deviceId } = world.lock
  const disk = kioskDisk()
  const waiting: SignedOwnerRequest[] = []
  let isNear = true
  const reach = async <T>(task: () => Promise<Result<T, { readonly kind: string }>>) =>
    isNear ? task() : fail({ kind: 'outOfReach' })
  const machine: ServicedMachine = {
    service: change => reach(async () => world.passing(serviceSlot((await world.inside()).client, change))),
    read: () => reach(async () => world.passing(readMachine((await world.inside()).client))),
    vendFreely: (grant, asked) =>
      reach(async () => {
        await world.reconnect()
        const session = await world.passing(
          openVendSession(world.lock.client, {
            ...world.request({ userKey: KIOSK }),
            grant: grant.grant,
            authorisation: { by: 'owner', market: grant.grantMarket, signature: grant.signature },
            terms: grant.terms,
          }),
        )
        if (!session.ok) return session
        const vended = await world.passing(vend(session.value, asked, { pollMs: 10, patienceMs: 2_000 }))
        await world.reconnect()
        return vended
      }),
  }
  const kiosk = async () => {
    const box = { requests: async () => ok(waiting) } as unknown as ConstructorParameters<
      typeof OwnerRequests
    >[0]['ports']['box']
    const requests = new OwnerRequests({
      ...{ ports: { box, stores: disk }, boxUrl: 'http://box', domain, deviceId, owner, machine },
      ...{ kioskKeyHash: keyHash(KIOSK.publicKey), unixNow: () => NOW },
    })
    await requests.load()
    return requests
  }
  let number = 0
  const ask = (change: Partial<OwnerRequest>, key?: Uint8Array<ArrayBuffer>) => {
    const request: OwnerRequest = {
      ...{ owner, deviceId, number: ++number, until: NOW + 600, act: 'open', slot: 1, stock: 0, grant: '' },
      ...change,
    }
    waiting.push(signed(request, key))
    return request.number
  }
  const slot = async (of: number) => must(await machine.read()).slots[of]
  return {
    ...{ world, machine, kiosk, ask, slot, waiting, disk, deviceId },
    setNear(is: boolean) {
      isNear = is
    },
    /** A grant of one free unit for the kiosk's key, as the owner's app makes it. */
    testGrant(of: number, userKey = KIOSK) {
      const { grant, terms, authorisation } = world.request({
        ...{ use: VendUse.free, by: 'owner', userKey, slots: slotSet([of]), perDay: 1 },
      })
      if (authorisation.by === 'chain') throw new Error('no signature')
      const { market: grantMarket, signature } = authorisation
      return encodeKioskGrantCode({
        ...{
          domain,
          grantMarket,
          grant,
          signature: Uint8Array.from(signature),
          terms,
          ownerKey: new Uint8Array(64),
          boxUrl: null,
        },
      })
    },
  }
}

describe('a request', () => {
  it('is what the owner signed for this machine and not over, or nothing', () => {
    const request: OwnerRequest = {
      ...{ owner, deviceId: `0x${'77'.repeat(32)}`, number: 4, until: NOW },
      ...{ act: 'fill', slot: 3, stock: 8, grant: '' },
    }
    const { primaryType, types } = ownerRequestTypedData(domain, request)
    expect(encodeType(primaryType, types)).toBe(ownerRequestMessage.type)
    const holder = { deviceId: request.deviceId, owner, now: NOW }
    const whole = signed(request)
    expect(checkOwnerRequest(domain, whole, holder)).toEqual({ ok: true, value: request })
    const refused = (change: Partial<SignedOwnerRequest>, at: Partial<typeof holder> = {}) => {
      const checked = checkOwnerRequest(domain, { ...whole, ...change }, { ...holder, ...at })
      return checked.ok ? 'taken' : checked.error.kind
    }
    for (const change of [
      { act: 'close' },
      { slot: 2 },
      { stock: 9 },
      { number: 5 },
      { until: NOW + 1 },
    ] as const)
      expect(refused(change)).toBe('requestNotSigned')
    expect(refused({}, { now: NOW + 1 })).toBe('requestOver')
    expect(refused({}, { owner: `0x${'01'.repeat(20)}` })).toBe('requestForOther')
    expect(refused({}, { deviceId: `0x${'78'.repeat(32)}` })).toBe('requestForOther')
    expect(refused({ signature: signed(request, new Uint8Array(32).fill(5)).signature })).toBe(
      'requestNotSigned',
    )
  })

  it('comes back from JSON as it was, and nothing else is taken for one', () => {
    const wish = fc.record({
      number: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
      until: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
      act: fc.constantFrom(...OWNER_ACTS),
      slot: fc.integer({ min: 0, max: 255 }),
      stock: fc.integer({ min: 0, max: 65_535 }),
    })
    fc.assert(
      fc.property(wish, fc.jsonValue(), (wished, json) => {
        const { act } = wished
        const grant = act === 'test' ? 'FOB:SELLER:AB2' : ''
        const stock = act === 'fill' ? wished.stock : 0
        const request = { ...wished, stock, grant, owner, deviceId: `0x${'77'.repeat(32)}` } as const
        const whole = { ...request, signature: `0x${'11'.repeat(65)}` } as const
        expect(readOwnerRequest(JSON.parse(JSON.stringify(whole)))).toEqual({ ok: true, value: whole })
        expect(readOwnerRequest({ ...whole, more: 1 }).ok).toBe(false)
        expect(readOwnerRequest({ ...whole, grant: grant === '' ? 'FOB:' : '' }).ok).toBe(false)
        expect(readOwnerRequest(json).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a kiosk that its owner asks from afar', () => {
  it('fills, closes and opens slots, each once, and says what the machine has said', async () => {
    const { kiosk, ask, slot, machine, world } = await kioskWorld()
    const tablet = await kiosk()
    ask({ act: 'fill', stock: 9 })
    ask({ act: 'close', slot: 2 })
    expect(await tablet.look()).toBe(true)
    expect(tablet.ended).toEqual([
      { number: 2, end: 'done' },
      { number: 1, end: 'done' },
    ])
    expect(await slot(1)).toMatchObject({ stock: 9, fault: 'none' })
    expect(await slot(2)).toMatchObject({ stock: 5, fault: 'closed' })
    expect(await world.vend(order({ slot: 2 }))).toMatchObject({ error: { kind: 'slotOutOfOrder' } })
    // Sold since: what was asked once is not done again, by this tablet or the next one on the same disk.
    must(await world.vend(order({ slot: 1 })))
    expect(await tablet.look()).toBe(false)
    expect(await (await kiosk()).look()).toBe(false)
    expect(await slot(1)).toMatchObject({ stock: 8 })
    ask({ act: 'open', slot: 2 })
    expect(await tablet.look()).toBe(true)
    expect(must(await machine.read()).slots[2]).toMatchObject({ fault: 'none' })
    must(await world.vend(order({ slot: 2 })))
  })

  it('does nothing for anybody else, nothing that is over, and tells what the machine refuses', async () => {
    const { kiosk, ask, slot } = await kioskWorld()
    const tablet = await kiosk()
    ask({ act: 'close' }, new Uint8Array(32).fill(9))
    ask({ act: 'close', until: NOW - 1 })
    ask({ act: 'close', owner: `0x${'01'.repeat(20)}` })
    expect(await tablet.look()).toBe(false)
    expect(await slot(1)).toMatchObject({ fault: 'none' })
    const tooMuch = ask({ act: 'fill', stock: 10 })
    expect(await tablet.look()).toBe(true)
    expect(tablet.ended).toEqual([{ number: tooMuch, end: 'slotUnknown' }])
  })

  it('waits for a machine that is away, and dies at a write without doing anything twice', async () => {
    const { kiosk, ask, setNear, disk, slot } = await kioskWorld()
    const tablet = await kiosk()
    ask({ act: 'fill', stock: 7 })
    setNear(false)
    expect(await tablet.look()).toBe(false)
    expect(tablet.ended).toEqual([])
    setNear(true)
    disk.dieAt(0)
    await expect(tablet.look()).rejects.toThrow('died')
    disk.dieAt(Number.POSITIVE_INFINITY)
    expect(await (await kiosk()).look()).toBe(true)
    expect(await slot(1)).toMatchObject({ stock: 7 })
  })

  it('drops one as a test, free and once, also where the tablet died before it had written that down', async () => {
    const { kiosk, ask, disk, world, testGrant } = await kioskWorld()
    ask({ act: 'test', slot: 3, grant: testGrant(3) })
    disk.dieAt(0)
    await expect((await kiosk()).look()).rejects.toThrow('died')
    disk.dieAt(Number.POSITIVE_INFINITY)
    const tablet = await kiosk()
    expect(await tablet.look()).toBe(true)
    expect(tablet.ended).toEqual([{ number: 1, end: 'done' }])
    expect(world.machine.out).toEqual([3])
    const [receipt] = await world.pending()
    expect(receipt).toMatchObject({ use: VendUse.free, slot: 3, state: 'dropped' })
  })

  it('takes no test grant of another kiosk, and says what jammed', async () => {
    const { kiosk, ask, world, testGrant } = await kioskWorld()
    const tablet = await kiosk()
    ask({ act: 'test', slot: 3, grant: testGrant(3, STAFF) })
    expect(await tablet.look()).toBe(true)
    world.machine.faults.push('jam')
    ask({ act: 'test', slot: 3, grant: testGrant(3) })
    expect(await tablet.look()).toBe(true)
    expect(tablet.ended.map(({ end }) => end)).toEqual(['jam', 'requestForOtherKiosk'])
    expect(world.machine.out).toEqual([])
  })
})

describe('what staff takes', () => {
  it('is collected from the machine, counted once and then acknowledged, whatever dies in between', async () => {
    const { world, disk, deviceId } = await kioskWorld()
    must(await world.open({ use: VendUse.free, by: 'owner', userKey: STAFF }))
    must(await world.vend(order({ slot: 1, orderId: 71n })))
    must(await world.vend(order({ slot: 1, orderId: 72n, quantity: 2 })))
    world.machine.faults.push('jam')
    must(await world.vend(order({ slot: 2, orderId: 73n })))
    await world.reconnect()
    const sold = must(await world.vend(order({ slot: 3 })))
    let isBroken = true
    const giver = {
      pending: async () => world.passing(pendingReceipts(await world.inside())),
      acknowledge: async (receipt: Parameters<typeof acknowledge>[1]) =>
        isBroken ? fail({ kind: 'linkLost' }) : world.passing(acknowledge(await world.inside(), receipt)),
    }
    const book = async () => {
      const staff = new StaffVends(disk.values, deviceId, giver, () => NOW)
      await staff.load()
      return staff
    }
    await (await book()).collect()
    isBroken = false
    const staff = await book()
    await staff.collect()
    expect([1, 2, 3].map(slot => staff.unitsOf(slot))).toEqual([3, 0, 0])
    expect(staff.latest.map(({ slot, dropped }) => [slot, dropped])).toEqual([
      [2, 0],
      [1, 2],
      [1, 1],
    ])
    // The sale's is for the sale to acknowledge.
    expect(await world.pending()).toEqual([sold])
    await (await book()).collect()
    expect((await book()).unitsOf(1)).toBe(3)
  })
})
