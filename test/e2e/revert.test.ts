// New firmware that does not work: the device goes back by itself, and the app says just that.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

describe.skipIf(inject('radioObstacle') !== null)('new firmware that does not work', () => {
  let world: World
  let phone: Phone

  beforeAll(async () => {
    world = await startWorld()
    const { maker } = world
    const [crashing, silent] = [maker.model('Crashing Lock'), maker.model('Silent Lock')]
    await maker.register(crashing, silent)
    await Promise.all([
      maker.release(crashing, { version: '1.1.0', behaviour: 'crashes' }),
      maker.release(silent, { version: '1.1.0', behaviour: 'silent' }),
    ])
    await maker.settle()
    phone = await world.phone()
    await new Person(phone).pinSuggestedMaker()
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  async function seesTheOldImage(person: Person): Promise<void> {
    const { update, device } = person.words
    await person.seesFailure('reverted')
    await person.sees(person.text(update.deviceReverted('1.0.0')))
    await person.button(update.dismiss).click()
    await person.sees(
      person.text(device.event.reverted('1.1.0', '1.0.0')),
      person.text(device.verdict.updateBody('1.0.0')),
    )
  }

  it('crashes: the device is back on the old one, and the app says that it went back', async () => {
    const onAir = world.device(world.maker.model('Crashing Lock'))
    await inTab(phone, async person => {
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await seesTheOldImage(person)
    })
    expect(onAir.boots).toEqual(['1.1.0', '1.0.0'])
    expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
  })

  it('boots but is never heard: the app waits and claims nothing, until the device is back on the old one', async () => {
    const onAir = world.device(world.maker.model('Silent Lock'))
    await inTab(phone, async person => {
      const { update, deviceState } = person.words
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await expect.poll(() => onAir.boots, { timeout: 15_000 }).toEqual(['1.1.0'])
      await person.sees(person.text(update.steps.restart), person.text(update.tooLate))
      expect(await person.button(update.cancel).count()).toBe(0)

      // Somebody pulls the plug: the bootloader undoes the trial.
      onAir.device.cyclePower()
      await seesTheOldImage(person)
      await person.goTo('devices')
      const card = person.page.getByRole('link', { name: onAir.name })
      await card.getByText(deviceState.update('1.1.0')).waitFor()
    })
    expect(onAir.boots).toEqual(['1.1.0', '1.0.0'])
    expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
  })
})
