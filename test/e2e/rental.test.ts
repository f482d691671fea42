// A stay from the offer to its end: two browsers and one lock without internet; a box signs while the owner sleeps.
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { DEMO_MODELS } from '../../device/demo.ts'
import type { DeviceEvent } from '../../device/referenceDevice.ts'
import { rpc } from '../../node/chain/rpc.ts'
import { marketEn as words } from '../../src/ui/i18n/marketEn.ts'
import { walletEn } from '../../src/ui/i18n/walletEn.ts'
import { letPass } from './harness/later.ts'
import { LettingPerson } from './harness/lettingPerson.ts'
import type { OnAir } from './harness/onAir.ts'
import { startWorld, type World } from './harness/world.ts'

const [model] = DEMO_MODELS
if (model === undefined) throw new Error('there is no demo model')
const { name: lockName } = model
const HOUR = 3600

describe.skipIf(inject('radioObstacle') !== null)('a stay', () => {
  let world: World
  let people: LettingPerson[] = []

  beforeAll(async () => {
    world = await startWorld()
  })
  afterEach(() => {
    vi.restoreAllMocks()
    people = []
  })
  afterAll(() => world?.stop())

  const somebody = async (name: string) => {
    const person = new LettingPerson(await world.phone({ installs: true }), name)
    people.push(person)
    await person.page.emulateMedia({ reducedMotion: 'reduce' })
    return person
  }

  const somebodyWithMoney = async (name: string) => {
    const person = await somebody(name)
    await person.createWallet()
    await person.getPlayMoney()
    return person
  }

  /** Each screen is kept as it was where the story breaks. */
  const tell = async (story: () => Promise<void>) => {
    try {
      await story()
    } catch (error) {
      for (const person of people) await person.picture('when it failed').catch(() => undefined)
      throw error
    }
  }

  /** Every time that the bolt moved. */
  const boltOf = ({ device }: OnAir) => {
    const moved: DeviceEvent[] = []
    device.onEvent(event => {
      if (event.kind === 'opened' && event.hasMoved) moved.push(event)
    })
    return moved
  }

  /** Claimed, filed, and signed for by the network's box. */
  const makeReady = async (owner: LettingPerson, lock: OnAir) => {
    await owner.person.addDevice(lockName)
    await owner.openOwnership()
    await owner.pairByButton(() => lock.device.pressButton())
    await owner.claim()
    await owner.page.getByRole('link', { name: walletEn.owned.letting }).click()
    await owner.heading(words.letting.title).waitFor()
    await owner.page.getByText(words.letting.signerChange, { exact: true }).click()
    const [box] = world.fob.network().agents ?? []
    if (box === undefined) throw new Error('the network names no box')
    await owner.button(words.letting.signerBoxNamed(box.name)).click()
    await owner.says(words.letting.boxOff)
    await owner.says(words.letting.notFiled)
    await owner.looks('box chosen')
    await owner.signs(owner.button(words.letting.notFiledAction))
    await owner.saysNoMore(words.letting.notFiled)
    await owner.signs(owner.button(words.letting.signerStart))
    await owner.says(words.letting.boxOn)
  }

  const makeOffer = async (owner: LettingPerson): Promise<string> => {
    await owner.page.getByRole('link', { name: words.letting.newOffer }).click()
    await owner.field(words.editor.price('ETH', words.offer.per.hour)).fill('0.02')
    await owner.page.getByText(words.editor.withinChoices.hour, { exact: true }).click()
    await owner.looks('offer')
    await owner.signs(owner.button(words.editor.next))
    await owner.says(words.letting.offerStates.live)
    await owner.button(words.letting.share).click()
    const sheet = owner.page.getByRole('dialog')
    const link = await sheet.locator('p.breakable').textContent()
    await owner.page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    return link ?? ''
  }

  const openLetting = async (owner: LettingPerson) => {
    await owner.person.goTo('wallet')
    await owner.page.getByRole('link', { name: new RegExp(`^${lockName} `) }).click()
    await owner.page.getByRole('link', { name: walletEn.owned.letting }).click()
    await owner.heading(words.letting.title).waitFor()
  }

  const turnsBox = async (owner: LettingPerson, isOn: boolean) => {
    const { signerStart, signerStop, boxOn, boxOff } = words.letting
    await owner.signs(owner.button(isOn ? signerStart : signerStop))
    await owner.says(isOn ? boxOn : boxOff)
  }

  /** Unix seconds of “From Sat, November 21 at 13:00”. */
  const startOf = async (guest: LettingPerson) => {
    const badge = guest.page.locator('.badges').getByText(/^From /)
    await badge.waitFor({ timeout: 90_000 })
    const [, day, time] = /(\w+ \d+) at (.+)$/.exec((await badge.textContent()) ?? '') ?? []
    const start = Date.parse(`${day} ${new Date(Date.now() + 2 * HOUR * 1000).getFullYear()} ${time}`) / 1000
    if (Number.isNaN(start)) throw new Error('the key says no beginning')
    return start
  }

  const offer = async (owner: LettingPerson, lock: OnAir) => {
    await makeReady(owner, lock)
    return makeOffer(owner)
  }

  /** Two hours that the box signs for, and then one that nobody does. Resolves to when the first begin. */
  const book = async (owner: LettingPerson, guest: LettingPerson, link: string) => {
    await guest.readsCode(link)
    await guest.says(words.offer.canOpen)
    await guest.says(new RegExp(words.offer.refundableWithin('1 .*')))
    await guest.says(`${words.offer.whoOwner} ${words.offer.whoIssuer} ${words.offer.whoNoAttestors}`)
    await guest.looks('offer')
    await guest.books(2, '0.04 ETH')
    await guest.looks('paid')
    const start = await startOf(guest)
    await guest.looks('key for later')
    expect(await guest.openButton.getAttribute('aria-disabled')).toBe('true')

    await openLetting(owner)
    await owner.says(words.letting.stayStates.signed)
    await owner.looks('a stay')
    await turnsBox(owner, false)
    await guest.readsCode(link)
    await guest.books(1, '0.02 ETH')
    await guest.says(words.keys.state.waitingForSigner)
    await guest.looks('nobody signs')
    return start
  }

  const openOffline = async (guest: LettingPerson, bolt: readonly DeviceEvent[]) => {
    await guest.openKey(/Opens now/)
    await guest.says(words.keys.offline)
    await guest.setOffline(true)
    await guest.page.reload()
    await guest.pressesOpen(lockName)
    await guest.seesOutcome(words.outcomes.done.state)
    expect(bolt).toHaveLength(1)
    await guest.looks('open, offline')
    await guest.pressesOpen(lockName)
    await expect.poll(() => bolt.length, { timeout: 30_000 }).toBe(2)
    await expect.poll(() => guest.page.getByText(words.oneKey.receiptProof).count()).toBe(2)
    await guest.setOffline(false)
  }

  const isPaidOut = async (owner: LettingPerson) => {
    await openLetting(owner)
    await owner.says(words.letting.stayStates.now)
    await owner.says(words.letting.stayStates.refunded)
    await owner.looks('the guest is there')
    await owner.signs(owner.button(words.letting.withdraw))
    await owner.says(words.letting.withdrawNone)
    const { market } = world.fob.network().chain.contracts ?? {}
    expect(await rpc(world.fob.endpoints[0].url, 'eth_getBalance', [market, 'latest'])).toBe('0x0')
    await turnsBox(owner, true)
  }

  /** Two openings at this hour of every day, given from screen to screen. */
  const lend = async (owner: LettingPerson, guest: LettingPerson, hour: number) => {
    const asked = await guest.asksForKey()
    await owner.page.getByRole('link', { name: words.letting.lend }).click()
    await owner.pasteCode(asked)
    await owner.field(words.lend.who).fill('Ann')
    await owner.page.getByText(words.hours.some, { exact: true }).click()
    const days = owner.page.locator('.week-day input')
    for (let day = 0; day < 7; day++) await days.nth(day).setChecked(true, { force: true })
    await owner.page.getByLabel(words.hours.from, { exact: true }).selectOption(String(hour))
    await owner.page.getByLabel(words.hours.to, { exact: true }).selectOption(String(hour + 1))
    await owner.page.getByText(words.lend.usesSome, { exact: true }).click()
    await owner.field(words.lend.usesCount).fill('2')
    await owner.looks('key to lend')
    const code = owner.field(words.lend.code)
    await owner.presses(owner.button(words.lend.make), code)
    await guest.pasteCode(await code.inputValue())
    await guest.says(words.oneKey.usesLeft(2, 2))
  }

  /** All keys end once the lock has heard of it, and not before: the owner carries the word to it himself. */
  const endAllKeys = async (owner: LettingPerson) => {
    await openLetting(owner)
    await owner.button(words.letting.revoke).click()
    await owner.button(words.letting.revokeAction).click()
    await owner.says(words.letting.lentRevoked)
    await owner.says(words.letting.notFiled)
    // Only one phone at a time talks to the lock.
    await expect.poll(() => owner.button(words.letting.revoke).isEnabled(), { timeout: 30_000 }).toBe(true)
    await owner.looks('all ended')
  }

  /** The lock's own word at the door, and from then on the key's. */
  const isRefused = async (guest: LettingPerson) => {
    await guest.pressesOpen(lockName)
    await guest.seesOutcome(words.outcomes.epochStale.state)
    await guest.says(words.keys.state.revoked)
    await guest.looks('refused at the door')
  }

  it(
    'is booked, signed for by a box, opened offline and earned; is paid back where nobody signs; its keys are refused once all are ended',
    () =>
      tell(async () => {
        const lock = world.device({ maker: world.maker.address, name: lockName, hardware: model.hardware })
        const bolt = boltOf(lock)
        const owner = await somebodyWithMoney('host')
        const link = await offer(owner, lock)
        const guest = await somebodyWithMoney('visitor')
        expect(link).toContain('/offer/0x')
        const start = await book(owner, guest, link)

        const now = Date.now() / 1000
        const seconds = Math.ceil(Math.max(start, now + HOUR) + 60 - now)
        await letPass(seconds, { world, phones: [owner.browser, guest.browser], locks: [lock] })

        await guest.says(words.oneKey.refundTitle)
        await guest.looks('refund due')
        await guest.signs(guest.button(words.oneKey.refund))
        await guest.says(words.keys.state.refunded)
        await openOffline(guest, bolt)
        await isPaidOut(owner)

        await lend(owner, guest, new Date(Date.now()).getHours())
        await guest.pressesOpen(lockName)
        await guest.seesOutcome(words.outcomes.done.state)
        await guest.says(words.oneKey.usesLeft(1, 2))
        expect(bolt).toHaveLength(3)

        await endAllKeys(owner)
        await isRefused(guest)
        await guest.openKey(/Opens now/)
        await isRefused(guest)
        expect(bolt).toHaveLength(3)

        for (const person of people) await person.close()
      }),
    360_000,
  )
})
