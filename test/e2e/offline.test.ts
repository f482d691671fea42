// With no network at all: the app opens, shows what was last proven and how old that is, and installs what it holds.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

describe.skipIf(inject('radioObstacle') !== null)('without a network', () => {
  let world: World
  let phone: Phone
  let model: Model

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Basement Lock')
    await world.maker.register(model)
    await world.maker.release(model, { version: '1.1.0' })
    await world.maker.settle()
    phone = await world.phone({ installs: true, features: ['WebBluetoothNewPermissionsBackend'] })
    phone.allowErrors(/net::ERR_|Failed to load resource|WebSocket connection/)
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  it('keeps the network that it began with when the host serves another, until the person decides', async () => {
    const host = await world.host()
    await inTab(
      phone,
      async person => {
        const { notices, network, settings } = person.words
        await person.pinSuggestedMaker()
        host.serve(({ chain, ...rest }) => ({
          ...rest,
          chain: { ...chain, registry: `0x${'99'.repeat(20)}` },
        }))
        await person.page.reload()
        await person.sees(person.text(notices.networkChanged))
        await person.link(notices.networkChangedLink).click()
        await person.sees(person.heading(network.changeTitle))
        expect(await person.button(network.accept).isDisabled()).toBe(true)
        await person.button(network.refuse).click()

        // Still the old registry: its suggested maker has its models there.
        await person.goTo('settings')
        await person.page.getByRole('link', { name: settings.networkHint }).click()
        const { registry } = world.fob.network().chain
        await person.page.locator(`[title="${registry}"]`).waitFor()

        await person.page.reload()
        await person.link(notices.networkChangedLink).click()
        await person.page.getByRole('checkbox', { name: network.acceptCheck }).check()
        await person.button(network.accept).click()
        await person.page.locator(`[title="0x${'99'.repeat(20)}"]`).waitFor()
      },
      { url: host.url },
    )
  })

  it('opens, tells the age of what it knows, and updates a device with firmware that it holds', async () => {
    const first = world.device(model, { name: 'Upstairs' })
    const second = world.device(model, { name: 'Cellar' })
    const person = new Person(phone)
    const { page, words } = person
    const { notices, update, device, deviceState } = words
    await person.pinSuggestedMaker()
    await person.addOutdated(second.name)
    await person.addOutdated(first.name)
    // The first device's update is what brings the file into this browser.
    await person.startUpdate('1.1.0')
    await person.seesResult(first.name, '1.1.0')
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })

    await phone.browser.setOffline(true)
    await world.fob.stop()
    await page.goto(`${world.fob.url}/`)
    // The emulation forgets itself with the page that a service worker answers; the servers stay gone.
    await phone.browser.setOffline(false)
    await phone.browser.setOffline(true)
    await person.sees(
      person.text(notices.offline),
      person.text(notices.offlineSince('').replace(/[ ,，]*[.。].*$/u, '')),
    )
    const card = page.getByRole('link', { name: second.name })
    await card.getByText(deviceState.update('1.1.0')).waitFor()
    await card.click()
    await person.sees(person.heading(device.verdict.update('1.1.0')))

    await person.startUpdate('1.1.0')
    await person.sees(person.text(update.consent.rememberedBody))
    expect(await person.button(update.consent.install('1.1.0')).isDisabled()).toBe(true)
    expect(second.uploads).toEqual([])
    await page.getByRole('checkbox', { name: update.consent.rememberedCheck }).check()
    await person.button(update.consent.install('1.1.0')).click()
    await person.sees(person.text(update.fetchedFrom.stored))
    await person.seesResult(second.name, '1.1.0')
    expect(second.running).toEqual({ version: '1.1.0', isConfirmed: true })

    // Nothing proves that there is nothing newer: that is not said.
    await person.button(words.result.done).click()
    await person.button(device.check).click()
    await person.sees(person.button(device.check))
    expect(await person.heading(device.verdict.upToDate).count()).toBe(0)
  })
})
