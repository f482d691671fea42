// Owning a device on the production build: two people, two browsers, one lock on the air; and a third browser with the words alone.
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import { walletEn as words } from '../../src/ui/i18n/walletEn.ts'
import { nothing, Owner } from './harness/owner.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const [lock] = DEMO_MODELS
if (lock === undefined) throw new Error('there is no demo model')

const hasRadio = inject('radioObstacle') === null

let world: World

beforeAll(async () => {
  world = await startWorld({ hasRadio })
})

afterAll(() => world?.stop())

const people: Owner[] = []

/** Somebody new, with a browser of their own. */
async function somebody(name: string, passphrase: string, phone: Promise<Phone> = world.phone()) {
  const owner = new Owner(await phone, name, passphrase)
  await owner.page.emulateMedia({ reducedMotion: 'reduce' })
  people.push(owner)
  return owner
}

/** The story as it is told; where it breaks, each screen is kept as it was. */
async function tell(story: () => Promise<void>): Promise<void> {
  people.length = 0
  try {
    await story()
  } catch (error) {
    for (const owner of people) await owner.picture('when it failed').catch(() => undefined)
    throw error
  }
}

it('a demo lock is claimed by its button, told its settings, and filed, by somebody who never had a wallet', () =>
  tell(async () => {
    const phone = await world.phone({ webBluetooth: false })
    const owner = await somebody('alone', 'seven quiet otters knit', Promise.resolve(phone))
    const { person, page } = owner
    await person.button(person.words.devices.demo).click()
    await page.getByRole('dialog').getByText(person.words.devices.demoKind.lock).click()
    await owner.openOwnership()
    await person.sees(person.text(words.claim.needsWallet))
    await owner.looks('claim without a wallet')
    await person.link(words.claim.createWallet).click()
    await owner.chooseWallet()
    await owner.looks('ready')
    await page.getByRole('link', { name: words.create.goOn, exact: true }).click()
    await owner.heading(words.claim.title).waitFor()
    await owner.pairByButton(() => owner.button(words.claim.buttonDemo).click())
    await owner.looks('paired')
    await owner.getPlayMoney()
    await owner.claim()
    await owner.looks('claimed')
    await owner.openSettingsOfOwned()
    await owner.fileSettings()
    await owner.looks('filed')
    await person.goTo('wallet')
    await page.getByRole('link', { name: `${lock.name} ${words.owned.stages.owned}` }).waitFor()
    await owner.looks('wallet')
    await person.link(words.accounts.receive).click()
    await page.getByRole('img', { name: words.receive.code }).locator('svg').waitFor()
    await owner.looks('receive')
    await person.link(person.words.common.back).click()
    await person.link(words.accounts.activity).click()
    await person.sees(
      person.text('+10 ETH'),
      person.text(words.sentences.claimDevice({ ...nothing, device: lock.name }).what),
    )
    await owner.looks('activity')
    await owner.close()
  }))

it.runIf(hasRadio)(
  'a lock on the air goes from its owner to another one, who has it again in a fresh browser from words alone',
  () =>
    tell(async () => {
      const device = world.device({ maker: world.maker.address, name: lock.name, hardware: lock.hardware })
      const giver = await somebody('giver', 'first owner passphrase')
      await giver.createWallet()
      await giver.getPlayMoney()
      await giver.person.addDevice(lock.name)
      await giver.openOwnership()
      await giver.pairByButton(() => device.device.pressButton())
      await giver.claim()
      await giver.openSettingsOfOwned()
      await giver.looks('owned')

      const taker = await somebody('taker', 'second owner passphrase')
      await taker.createWallet()
      await taker.getPlayMoney()
      await taker.page.getByRole('link', { name: words.handOver.takeEntry }).click()
      await taker.button(words.handOver.takeCode).click()
      const take = await taker.codeOnScreen(words.handOver.takeCode)
      expect(take).toMatch(/^FOB:TAKE:[A-Z2-7]+$/)
      await taker.looks('code to take')

      await giver.person.link(words.owned.give).click()
      await giver.readPicture(await taker.pictureOfCode(words.handOver.takeCode))
      await giver.button(words.handOver.giveAction).waitFor()
      await giver.looks('code read')
      await giver.button(words.handOver.giveAction).click()
      await giver.sign(giver.confirms.handOverGiven)
      const give = await giver.codeOnScreen(words.handOver.giveCode)
      expect(give).toMatch(/^FOB:GIVE:[A-Z2-7]+$/)
      await giver.looks('code to give')

      await taker.readPicture(await giver.pictureOfCode(words.handOver.giveCode))
      await taker.sign(taker.confirms.handOverDevice)
      await taker.seesItFinal()
      await taker.looks('taken')

      // At the device: it takes the new owner's key, and the new owner's settings.
      await taker.person.addDevice(lock.name)
      await taker.openOwnership()
      await taker.button(words.owned.finishAction).waitFor()
      await taker.looks('at the device')
      await taker.button(words.owned.finishAction).click()
      await taker.page.getByText(words.claim.doneTitle, { exact: true }).first().waitFor({ timeout: 60_000 })
      await taker.looks('listens to the taker')

      await taker.person.goTo('wallet')
      await taker.send('1.5 ETH', lock.name)
      await taker.looks('coin sent')
      await taker.person.link(words.payments.done).click()
      await taker.send('25 DUSD', lock.name)
      await taker.person.link(words.payments.done).click()
      await taker.page.getByText('475 DUSD').waitFor()
      await taker.looks('wallet')

      await giver.person.goTo('wallet')
      await giver.page.getByText(words.owned.stages.gone).waitFor({ timeout: 60_000 })
      await giver.looks('gone')
      await giver.close()
      await taker.close()

      const fresh = await somebody('restored', 'third passphrase altogether')
      await fresh.restoreFromWords(taker.phrase)
      const found = fresh.page.getByRole('link', {
        name: new RegExp(`^${lock.name} ${words.owned.stages.owned}.* 1\\.5 ETH 25 DUSD$`),
      })
      await found.waitFor({ timeout: 60_000 })
      await fresh.person.sees(fresh.page.getByText(/^8\.499\d+…\s?ETH$/), fresh.page.getByText('475 DUSD'))
      await fresh.looks('wallet')
      await found.click()
      await fresh.page.getByText(words.owned.stages.owned, { exact: true }).waitFor()
      await fresh.person.sees(fresh.page.getByText(words.owned.settingsUnknown))
      await fresh.looks('device')

      // Near the device, which tells what its owner told it from the phone before.
      await fresh.person.addDevice(lock.name)
      await fresh.person.goTo('wallet')
      await found.click()
      await fresh.button(words.owned.finishAction).click()
      await fresh.page.getByText(words.owned.delivered, { exact: true }).waitFor()
      await fresh.looks('device, met')
      await fresh.close()
    }),
  240_000,
)
