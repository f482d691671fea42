// The demo machine, whose sensor keeps its count in the device's flash: what survives a page, and what a power cut can cost whom.
import { describe, expect, it } from 'vitest'
import { createDemoDevice } from '../../../device/demo.ts'
import { MemoryFlash } from '../../../device/flash.ts'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { DemoMachine } from '../../../device/vending/demoMachine.ts'
import { PluggedFlash, PowerCut } from '../device/failingFlash.ts'
import { IDENTITY, POLICY } from '../device/fixtures.ts'
import { ManualTimer } from '../device/manualTimer.ts'
import { kindOf, lockImage, must } from '../lock/lockWorld.ts'
import { order, VendWorld } from './vendWorld.ts'

const spirals = (timer: ManualTimer) =>
  new DemoMachine({
    timer,
    slots: Array.from({ length: 4 }, () => ({
      ...{ unit: 'product' as const, isChilled: true, capacity: 8, stock: 8 },
    })),
    unitMs: 20,
    settleMs: 5,
  })

describe('the demo machine', () => {
  it('has spirals or a relay as its kind says, and a lock has neither', () => {
    const made = (kind: 'vending' | 'outlet' | 'lock') =>
      createDemoDevice({
        ...IDENTITY,
        maker: IDENTITY.model.maker,
        kind,
        trustedKeys: POLICY.trustedKeys,
        timer: new ManualTimer(),
        storage: { factoryImage: lockImage(0, kind) },
      }).machine
    expect(made('vending')?.slots).toHaveLength(24)
    expect(made('outlet')?.slots.map(({ unit }) => unit)).toEqual(['tenWattHours', 'minute'])
    expect(made('lock')).toBeNull()
  })

  it('is disturbed and mended by hand', async () => {
    const world = await VendWorld.start({ machineOf: spirals })
    world.machine.disturb('door')
    expect(kindOf(await world.vend(order()))).toBe('machineDoorOpen')
    world.machine.disturb('warm')
    world.machine.doorOpen = false
    expect(kindOf(await world.vend(order()))).toBe('machineTooWarm')
    world.machine.disturb('jam')
    world.machine.disturb('none')
    expect(must(await world.vend(order()))).toMatchObject({ state: 'dropped' })
    world.machine.disturb('jam')
    expect(must(await world.vend(order()))).toMatchObject({ state: 'failed', cause: 'jam' })
  })

  it('keeps what it has counted and sold in its flash', async () => {
    const world = await VendWorld.start({ machineOf: spirals })
    const bought = order({ quantity: 2 })
    const receipt = must(await world.vend(bought))
    const flash = MemoryFlash.restore(world.lock.flash.snapshot())
    if (!flash) throw new Error('no flash')
    const next = await VendWorld.start({ machineOf: spirals, flash, isPaired: true })
    expect(next.machine.passed()).toBe(2)
    expect(must(await next.vend(bought))).toEqual(receipt)
    expect(must(await next.vend(order()))).toMatchObject({ state: 'dropped', dropped: 1, counter: 2 })
    expect(next.machine.out).toHaveLength(1)
  })

  it('the power gone at each write: nobody pays for what did not come out, and nothing comes out twice', async () => {
    const outcomes = new Set<string>()
    for (let cut = 0, wasCut = true; wasCut; cut++) {
      const flash = new PluggedFlash({ slotSize: 0x8000 })
      installFactoryImage(flash, lockImage(0))
      const world = await VendWorld.start({ machineOf: spirals, flash })
      const bought = order({ quantity: 2 })
      await world.inside()
      flash.left = cut
      wasCut = await world.vend(bought).then(
        () => false,
        error => {
          if (error instanceof PowerCut) return true
          throw error
        },
      )
      flash.left = Number.POSITIVE_INFINITY
      await world.cyclePower()
      const receipt = must(await world.vend(bought))
      const out = world.machine.out.length
      expect(receipt.dropped).toBeLessThanOrEqual(out)
      // What is cut between the fall and the note of it is the buyer's.
      expect(out - receipt.dropped).toBeLessThanOrEqual(1)
      expect(out).toBeLessThanOrEqual(2)
      outcomes.add(`${receipt.state} ${receipt.dropped} of ${out}`)
    }
    expect([...outcomes].sort()).toEqual(['dropped 1 of 2', 'dropped 2 of 2', 'failed 0 of 1'])
  })
})
