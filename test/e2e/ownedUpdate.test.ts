// A device with an owner is updated by its owner's phone, and by nobody else's.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { walletEn as words } from '../../src/ui/i18n/walletEn.ts'
import type { OnAir } from './harness/onAir.ts'
import { Owner } from './harness/owner.ts'
import { startWorld, type World } from './harness/world.ts'

describe.skipIf(inject('radioObstacle') !== null)('a device that listens to an owner', () => {
  let world: World
  let model: Model

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Owned Lock')
    await world.maker.register(model)
    await world.maker.release(model, { version: '1.1.0' })
    await world.maker.settle()
  })

  afterAll(() => world?.stop())

  async function somebody(name: string): Promise<Owner> {
    const owner = new Owner(await world.phone(), name, 'copper wheels turn twice')
    await owner.page.emulateMedia({ reducedMotion: 'reduce' })
    return owner
  }

  it('refuses an update from a stranger’s phone, and takes it from its owner’s once the wallet is open', async () => {
    const onAir = world.device(model)
    const [owner, stranger] = [await somebody('update owner'), await somebody('update stranger')]
    try {
      await become(owner, onAir)
      await isRefused(stranger, onAir)
      await updates(owner, onAir)
    } catch (error) {
      for (const each of [owner, stranger]) await each.picture('when it failed').catch(() => undefined)
      throw error
    }
    await owner.close()
    await stranger.close()
  })

  async function become(owner: Owner, onAir: OnAir): Promise<void> {
    await owner.person.pinSuggestedMaker()
    await owner.createWallet()
    await owner.person.addOutdated(onAir.name)
    await owner.openOwnership()
    await owner.pairByButton(() => onAir.device.pressButton())
    await owner.person.goTo('wallet')
    await owner.page.getByRole('link', { name: words.wallet.settings }).click()
    await owner.button(words.vault.lockNow).click()
    await owner.button(words.lock.unlock).waitFor()
  }

  async function isRefused({ person, looks }: Owner, onAir: OnAir): Promise<void> {
    await person.pinSuggestedMaker()
    await person.addOutdated(onAir.name)
    await person.startUpdate('1.1.0')
    await person.seesFailure('deviceManaged')
    await looks('refused')
    await person.button(person.words.update.dismiss).click()
    expect(onAir.uploads).toEqual([])
    expect(onAir.boots).toEqual([])
    expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
  }

  async function updates(owner: Owner, onAir: OnAir): Promise<void> {
    const { person, page } = owner
    await person.goTo('devices')
    await page.getByRole('link', { name: onAir.name }).click()
    await person.startUpdate('1.1.0')
    await person.seesFailure('walletLocked')
    await owner.looks('locked')
    expect(onAir.uploads).toEqual([])
    await owner.button(words.lock.unlock).click()
    await owner.unlock()
    await person.seesResult(onAir.name, '1.1.0')
    await owner.looks('updated')
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
    expect(onAir.boots).toEqual(['1.1.0'])
  }
})
