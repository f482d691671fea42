// The phone's own limits: no room, another tab, Bluetooth switched off.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

describe.skipIf(inject('radioObstacle') !== null)('on a phone', () => {
  let world: World
  let phone: Phone
  let model: Model
  let large: Model

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Patient Lock')
    large = world.maker.model('Large Lock')
    await world.maker.register(model, large)
    await Promise.all([
      world.maker.release(model, { version: '1.1.0', bodySize: 60_000 }),
      world.maker.release(large, { version: '1.1.0', bodySize: 400_000 }),
    ])
    await world.maker.settle()
    phone = await world.phone()
    // The app's own copy for offline use has no room either.
    phone.allowErrors(/quota/i)
    await new Person(phone).pinSuggestedMaker()
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  it('without room, the download is not even begun; with room, it goes on', async () => {
    const onAir = world.device(large)
    // Without peers, what is asked for is seen: it goes to the gateway.
    const host = await world.host(network => ({ ...network, peers: [] }))
    // Chromium looks at the quota again only when what it remembers is used up: so it is small from the first visit on.
    const blank = await phone.openTab('about:blank')
    const session = await blank.page.context().newCDPSession(blank.page)
    const origin = new URL(host.url).origin
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 })
    const task = async (person: Person) => {
      const { page, words } = person
      await person.pinSuggestedMaker()
      await person.addOutdated(onAir.name)
      const asked: string[] = []
      page.on('request', request => asked.push(request.url()))
      await person.startUpdate('1.1.0')
      await person.seesFailure('storageFull')
      await person.sees(person.text(words.update.deviceUntouched('1.0.0')))
      expect(asked.filter(url => url.includes('/ipfs/'))).toEqual([])
      expect(onAir.uploads).toEqual([])

      await session.send('Storage.overrideQuotaForOrigin', { origin })
      await person.button(words.common.retry).click()
      await person.seesResult(onAir.name, '1.1.0')
    }
    await inTab(phone, task, { url: host.url })
    await blank.page.close()
  })

  it('with two tabs, one updates the device, and the other says so and leaves it alone', async () => {
    const onAir = world.device(model, { name: 'Lock of two tabs', device: { writeMs: 15 } })
    await inTab(phone, async first => {
      await first.addOutdated(onAir.name)
      await first.startUpdate('1.1.0')
      await first.sees(first.text(first.words.update.steps.upload))
      await inTab(phone, async second => {
        const { update, deviceState, device } = second.words
        const card = second.page.getByRole('link', { name: onAir.name })
        await card.getByText(deviceState.updatingElsewhere).or(card.getByText(/%/)).first().waitFor()
        await card.click()
        await second.sees(second.text(update.elsewhere))
        for (const name of [update.pause, update.cancel, update.reconnect, device.update('1.1.0')]) {
          expect(await second.button(name).count(), name).toBe(0)
        }
        await second.seesResult(onAir.name, '1.1.0')
      })
      await first.page.bringToFront()
      await first.seesResult(onAir.name, '1.1.0')
    })
    // One for the check, one for the update, one after the restart: the other tab never connected.
    expect(onAir.peripheral.connections).toBe(3)
    expect(world.radio.overlaps()).toBe(0)
  })

  it('with Bluetooth switched off in the middle, the update waits for the device and goes on', async () => {
    const onAir = world.device(model, { name: 'Lock in the dark', device: { writeMs: 10 } })
    try {
      await inTab(phone, async person => {
        const { update, failures } = person.words
        await person.addOutdated(onAir.name)
        await person.startUpdate('1.1.0')
        await expect.poll(() => onAir.uploads.length, { timeout: 15_000 }).toBeGreaterThan(3)
        world.radio.setPowered(false)
        await person.sees(person.text(update.awaitingDevice), person.text(failures.radioOff.title))
        expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
        world.radio.setPowered(true)
        await person.page.bringToFront()
        await person.button(update.reconnect).click()
        await person.seesResult(onAir.name, '1.1.0')
      })
    } finally {
      world.radio.setPowered(true)
    }
  })

  it('paused, nothing is sent; cancelled, the device keeps what it runs', async () => {
    const onAir = world.device(model, { name: 'Lock on hold', device: { writeMs: 10 } })
    await inTab(phone, async person => {
      const { update } = person.words
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await expect.poll(() => onAir.uploads.length, { timeout: 15_000 }).toBeGreaterThan(2)
      await person.button(update.pause).click()
      await person.sees(person.text(update.pausedBody))
      // What was on its way may still arrive: the reference device takes four packets at a time.
      const sent = onAir.uploads.length + 4
      await person.button(update.cancel).click()
      await person.button(update.cancelYes).click()
      await person.sees(person.heading(update.cancelledTitle), person.text(update.devicePartly('1.0.0')))
      await expect.poll(() => onAir.device.isConnected).toBe(false)
      expect(onAir.uploads.length).toBeLessThanOrEqual(sent)
    })
    expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
  })
})
