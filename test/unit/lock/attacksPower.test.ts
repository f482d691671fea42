// Attacks with the plug: the power goes at every write of an opening that was asked for over the link, and comes back.
import { describe, expect, it } from 'vitest'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import { PluggedFlash, PowerCut } from '../device/failingFlash.ts'
import { fresh, LockWorld, lockImage, must, NOW, outcomeOf } from './lockWorld.ts'
import { rented, TWO_OF_THREE } from './rental.ts'
import { tellToken, timeNonce } from './toldTime.ts'

async function pluggedLock() {
  const flash = new PluggedFlash({ slotSize: 0x8000 })
  installFactoryImage(flash, lockImage(0))
  const world = await LockWorld.start({}, flash)
  must(await world.pair())
  must(await world.deliver({ attestors: TWO_OF_THREE }))
  world.device.takeTime(NOW)
  return { world, flash }
}

/** `act` with the power cut at each of its writes; `check` after it came back. How many writes there were. */
async function atEveryWrite(
  act: (world: LockWorld) => Promise<unknown>,
  check: (world: LockWorld, wasCut: boolean) => Promise<void>,
): Promise<number> {
  for (let cut = 0; cut < 40; cut++) {
    const { world, flash } = await pluggedLock()
    flash.left = cut
    const failure = await act(world).then(
      () => null,
      (error: unknown) => error,
    )
    if (failure !== null && !(failure instanceof PowerCut)) throw failure
    flash.left = Number.POSITIVE_INFINITY
    await world.cyclePower()
    await check(world, failure !== null)
    if (failure === null) return cut
  }
  throw new Error('it never ends')
}

describe('counter roll-back by a power cut at every write', () => {
  it('of an opening: no use is free, and the lock says truthfully what it did', async () => {
    const once = rented({ maxUses: 1, actions: GrantAction.open | GrantAction.withoutTime })
    const asked = { ...once, requestId: fresh(16) }
    const said = new Set<string>()
    const writes = await atEveryWrite(
      world => world.open(asked),
      async (world, wasCut) => {
        const before = world.opened
        const again = must(await world.open(asked))
        said.add(`${again.isRepeated} ${again.result.status}`)
        // Done before and told again, or done only now: the bolt has moved once at most.
        expect(world.opened).toBeLessThanOrEqual(1)
        if (again.isRepeated) expect(world.opened).toBe(before)
        if (!wasCut) expect(again).toMatchObject({ isRepeated: true, result: { status: 'done' } })
        expect(outcomeOf(await world.open(once))).toBe('usesSpent')
        expect(world.opened).toBeLessThanOrEqual(1)
      },
    )
    // One before the bolt moves, and one behind it.
    expect(writes).toBe(2)
    expect([...said].sort()).toEqual(['false done', 'true done', 'true interrupted'])
  })

  it('of a re-bound key: the lost phone is not let in again', async () => {
    const rebound = rented({ seq: 1, actions: GrantAction.open | GrantAction.withoutTime, maxUses: 5 })
    const lost = rented({ seq: 0, actions: GrantAction.open | GrantAction.withoutTime, maxUses: 5 })
    let opened = 0
    await atEveryWrite(
      async world => {
        opened = 0
        await world.open(rebound)
      },
      async (world, wasCut) => {
        opened = world.opened
        // Where the bolt has moved for the new phone, the lock knows of it whatever was cut then.
        if (opened > 0 || !wasCut) expect(outcomeOf(await world.open(lost))).toBe('superseded')
      },
    )
    expect(opened).toBe(1)
  })

  it('of the time: the clock goes back to what was stored, and never before that', async () => {
    await atEveryWrite(
      world => tellToken(world, NOW + 5000).then(must),
      async (world, wasCut) => {
        const { time, isTimeCertain } = await timeNonce(world)
        expect(isTimeCertain).toBe(false)
        expect(wasCut ? [NOW, NOW + 5000] : [NOW + 5000]).toContain(time)
      },
    )
  })
})
