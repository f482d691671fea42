// The tab dies at each single step of owning a device; the next one goes on, and ends where it should have.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { until } from '../../fixtures/appWorld.ts'
import { memoryStores } from '../../fixtures/memoryPorts.ts'
import {
  ALICE,
  BOB,
  done,
  type Life,
  type OwnershipWorld,
  type Phone,
  startOwnershipWorld,
} from '../../fixtures/ownershipWorld.ts'
import { testVault } from '../../fixtures/testVault.ts'
import { memoryLockKeys, walletDisk } from '../../fixtures/walletMemory.ts'

let world: OwnershipWorld
beforeAll(async () => {
  world = await startOwnershipWorld()
})
afterAll(() => world.stop())

const viewOf = (phone: Phone, device: ReferenceDevice) =>
  phone.ownership.devices.get().find(({ deviceId }) => deviceId === device.deviceId)

/** A browser whose tabs share what is stored; `tab(n)` dies just before its n-th step. */
function browser(words: string) {
  const life = {
    disk: walletDisk(),
    stores: memoryStores(),
    lockKeys: memoryLockKeys(),
    vault: testVault(words),
  } satisfies Partial<Life>
  return {
    async tab(dieAt = Number.POSITIVE_INFINITY) {
      const steps: string[] = []
      let die = () => {}
      const death = new Promise<'dead'>(resolve => {
        die = () => resolve('dead')
      })
      const before = (what: string): Promise<void> => {
        steps.push(what)
        if (steps.length < dieAt) return Promise.resolve()
        die()
        return new Promise(() => {})
      }
      const phone = await Promise.race([world.phone(words, { ...life, before }), death])
      return {
        phone,
        steps,
        /** What came of it, or that the tab died over it. */
        run: async (task: (phone: Phone) => Promise<void>): Promise<'done' | 'dead'> =>
          phone === 'dead' ? 'dead' : Promise.race([task(phone).then(() => 'done' as const), death]),
      }
    },
  }
}

/** As a person does it on the screens: looks where it stands, and goes on from there. */
async function makeItOurs(phone: Phone, device: ReferenceDevice): Promise<void> {
  const { ownership } = phone
  const key = await phone.meet(device)
  if (done(await ownership.readOwnership(key)).pairing !== 'mine') {
    device.pressButton()
    done(await ownership.pair(key, { kind: 'button' }))
  }
  if (viewOf(phone, device)?.stage.kind === 'paired')
    await phone.confirm(done(await ownership.proposeClaim(device.deviceId)))
  await until(() => viewOf(phone, device)?.stage.kind === 'owned')
  done(await ownership.changeConfig(device.deviceId, {}))
  done(await ownership.deliverConfig(device.deviceId))
}

/** Steps of a run that nobody disturbs: those on the disk and the chain, and every write to the device. */
async function stepsOf(words: string, task: (phone: Phone) => Promise<void>): Promise<readonly string[]> {
  const tab = await browser(words).tab()
  expect(await tab.run(task)).toBe('done')
  return tab.steps
}

describe('a tab that dies', () => {
  it('at any step from pairing to the first Config is followed by one that ends as owner, once', async () => {
    const alice = await world.phone(ALICE)
    await world.fund(alice.owner)
    const steps = await stepsOf(ALICE, phone => makeItOurs(phone, world.device()))
    expect(new Set(steps.map(step => step.split('/')[0]))).toEqual(
      new Set(['owned', 'device', 'broadcast', 'values test', 'values ownerKey']),
    )
    for (let dieAt = 1; dieAt <= steps.length; dieAt++) {
      const device = world.device()
      const one = browser(ALICE)
      const first = await one.tab(dieAt)
      expect(await first.run(phone => makeItOurs(phone, device))).toBe('dead')
      device.dropLink()
      const next = await one.tab()
      expect(await next.run(phone => makeItOurs(phone, device)), `died at ${steps[dieAt - 1]}`).toBe('done')
      if (next.phone === 'dead') throw new Error('the second tab died')
      expect(viewOf(next.phone, device)).toMatchObject({
        stage: { kind: 'owned', isPaired: true },
        config: { wanted: { version: 1, epoch: 1 }, delivered: 1 },
      })
      expect(next.phone.ownership.devices.get()).toHaveLength(1)
      const log = done(await next.phone.ownership.custodyOf(device.deviceId))
      expect(log.map(({ event }) => event.kind)).toEqual(['claimed'])
    }
  }, 180_000)

  it('at any step of taking a device over is followed by one that has it, with the code read once', async () => {
    const taking = async (phone: Phone, device: ReferenceDevice, code: () => Promise<string>) => {
      const stage = () => viewOf(phone, device)?.stage.kind
      if (stage() === undefined) await phone.confirm(done(await phone.ownership.readGiveCode(await code())))
      if (stage() === 'taking')
        await phone.confirm(done(await phone.ownership.proposeTaking(device.deviceId)))
      await until(() => stage() === 'owned')
      await phone.ownership.readOwnership(await phone.meet(device))
      done(await phone.ownership.finishTaking(device.deviceId))
    }
    const given = async (take: Phone) => {
      const alice = await world.phone(ALICE)
      const device = world.device()
      await makeItOurs(alice, device)
      const { code } = done(await take.ownership.makeTakeCode())
      const proposal = done(await alice.ownership.proposeGive(device.deviceId, code))
      return { device, text: done(await alice.ownership.confirmGive(proposal)).text }
    }
    const bob = await world.phone(BOB)
    await world.fund(bob.owner)
    const steps = await stepsOf(BOB, async phone => {
      const { device, text } = await given(phone)
      await taking(phone, device, async () => text)
    })
    for (let dieAt = 1; dieAt <= steps.length; dieAt++) {
      const one = browser(BOB)
      const shown = await one.tab()
      if (shown.phone === 'dead') throw new Error('died at once')
      const { device, text } = await given(shown.phone)
      const first = await one.tab(dieAt)
      const outcome = await first.run(phone => taking(phone, device, async () => text))
      device.dropLink()
      const next = await one.tab()
      expect(await next.run(phone => taking(phone, device, async () => text)), `${steps[dieAt - 1]}`).toBe(
        'done',
      )
      if (next.phone === 'dead') throw new Error('the second tab died')
      expect(viewOf(next.phone, device)).toMatchObject({
        stage: { kind: 'owned', isPaired: true },
        config: { delivered: 2 },
      })
      const log = done(await next.phone.ownership.custodyOf(device.deviceId))
      expect(log.map(({ event }) => event.kind)).toEqual(['handedOver', 'claimed'])
      // The steps of making the code are over by then.
      if (outcome === 'done') break
    }
  }, 180_000)
})
