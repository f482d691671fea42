// Twelve devices in one go: tried online without writing, then updated with no network at all, through the death of the browser.
import { readFile } from 'node:fs/promises'
import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { anchorsAbi } from '../../contracts/generated/Anchors.ts'
import { leafHash, merkleRoot } from '../../src/core/anchors/merkleTree.ts'
import { toHex, utf8 } from '../../src/core/bytes.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { fleet as words } from '../../src/ui/i18n/en/fleet.ts'
import type { OnAir } from './harness/onAir.ts'
import { Owner } from './harness/owner.ts'
import { Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const count = 12

/** Of the report's file, without its head. */
async function savedLines(person: Person): Promise<readonly string[]> {
  const [download] = await Promise.all([
    person.page.waitForEvent('download'),
    person.button(words.report.csv).click(),
  ])
  return (await readFile(await download.path(), 'utf8')).split('\r\n').slice(1, -1)
}

describe.skipIf(inject('radioObstacle') !== null)('twelve devices', () => {
  let world: World
  let phone: Phone
  let model: Model
  let doors: readonly OnAir[]

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Corridor Lock')
    await world.maker.register(model)
    await world.maker.release(model, { version: '1.1.0' })
    await world.maker.settle()
    // Every probe of a write's size is answered, so that none costs a time-out.
    doors = Array.from({ length: count }, (_, index) =>
      world.device(model, { name: `Room ${String(101 + index)}`, device: { maxWrite: 512 } }),
    )
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

  it('take one tap each where the browser keeps no permission, and whoever is chosen has the turn', async () => {
    const names = ['Gate 1', 'Gate 2']
    const gates = names.map(name => world.device(model, { name, device: { maxWrite: 512 } }))
    const other = await world.phone()
    const person = new Person(other)
    await person.pinSuggestedMaker()
    for (const name of names) await person.addOutdated(name)
    // A new page knows the devices, and has no way to them but the chooser.
    await person.page.reload()
    await person.goTo('devices')
    await person.link(person.words.devices.several).click()
    await person.button(words.choose.selectShown(2)).click()
    await person.button(words.choose.plan(2)).click()
    await person.button(words.plan.start(2)).click()
    const asked = person.button(words.run.choose('Gate 2')).or(person.button(words.run.choose('Gate 1')))
    other.chooser.setAnswer('cancel')
    await asked.click()
    await person.sees(asked)
    // One is asked for, and the person takes the other one, which is nearer.
    const isSecondAsked = (await person.button(words.run.choose('Gate 2')).count()) > 0
    const [near, far] = isSecondAsked ? ['Gate 1', 'Gate 2'] : ['Gate 2', 'Gate 1']
    other.chooser.setAnswer({ take: near })
    await asked.click()
    await person.page.getByText(words.run.counts.updated(1)).waitFor({ timeout: 30_000 })
    other.chooser.setAnswer({ take: far })
    await person.button(words.run.choose(far)).click()
    await person.heading(words.report.title).waitFor({ timeout: 30_000 })
    await person.sees(person.text(words.run.counts.updated(2)))
    expect(gates.map(({ running }) => running?.version)).toEqual(['1.1.0', '1.1.0'])

    // Written down on chain by the person's own account: what is there is made again from the saved file alone.
    const owner = new Owner(other, 'fleet', 'violet stairs count twelve')
    await owner.createWallet()
    await owner.getPlayMoney()
    await person.goTo('devices')
    await person.link(person.words.devices.severalGoesOn).click()
    const lines = await savedLines(person)
    await person.button(words.report.anchor).click()
    await person.button(words.report.anchorPropose).click()
    await owner.sign(owner.confirms.anchorLog)
    const { contracts } = world.fob.network().chain
    if (!contracts?.anchors) throw new Error('this network has no Anchors')
    const chain = createPublicClient({ transport: http(world.fob.endpoints[0].url) })
    const filter = {
      address: contracts.anchors,
      abi: anchorsAbi,
      eventName: 'Anchored',
      fromBlock: 0n,
    } as const
    await expect
      .poll(async () => (await chain.getContractEvents(filter)).map(({ args }) => [args.root, args.size]), {
        timeout: 30_000,
      })
      .toEqual([[toHex(merkleRoot(lines.map(line => leafHash(utf8(line))))), 2n]])
    await other.close()
  }, 150_000)

  it('are tried online, updated offline through a killed browser, and reported', async () => {
    let person = new Person(phone)
    await person.pinSuggestedMaker()
    for (const { name } of doors) await person.addOutdated(name)
    await person.goTo('devices')
    await person.link(person.words.devices.several).click()

    // All of this model, by one tap; asked one after the other, and written to not at all.
    await person.page.getByLabel(words.choose.search).fill(model.name)
    await person.button(words.choose.selectShown(count)).click()
    await person.button(words.choose.plan(count)).click()
    await person.sees(person.heading(words.plan.gets(count)), person.text(words.plan.toFetch))
    await person.button(words.plan.dryRun).click()
    await person.heading(words.report.titleDry).waitFor({ timeout: 60_000 })
    await person.sees(person.text(words.run.counts.wouldUpdate(count)), person.text(words.report.dryNote))
    expect(doors.flatMap(door => door.uploads)).toEqual([])

    await person.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
    await phone.browser.setOffline(true)
    await world.fob.stop()
    await person.button(words.report.updateNow(count)).click()
    // What can’t be read now is agreed to once, for all of them.
    await person.sees(person.text(words.plan.isHeld))
    const start = person.button(words.plan.start(count))
    expect(await start.isDisabled()).toBe(true)
    await person.page.getByLabel(words.plan.rememberedCheck('1.1.0')).check()
    await start.click()
    await person.page.getByText(words.run.counts.updated(4)).first().waitFor({ timeout: 60_000 })

    await phone.kill()
    expect(doors.filter(({ running }) => running?.version === '1.1.0').length).toBeLessThan(count)
    await phone.reopen()
    await phone.browser.setOffline(true)
    person = new Person(phone)
    await person.link(person.words.devices.severalGoesOn).click()
    await person.button(words.run.goOn).click()
    await person.heading(words.report.title).waitFor({ timeout: 90_000 })

    await person.sees(person.text(words.run.counts.updated(count)), person.heading(words.report.root))
    expect(doors.map(({ running }) => running)).toEqual(
      doors.map(() => ({ version: '1.1.0', isConfirmed: true })),
    )
    // Each got the new image once, and nobody had the radio at the same time as another.
    expect(doors.map(({ boots }) => boots)).toEqual(doors.map(() => ['1.1.0']))
    expect(world.radio.overlaps()).toBe(0)

    const lines = await savedLines(person)
    expect(lines).toHaveLength(count)
    for (const { name } of doors) {
      const line = lines.find(cells => cells.includes(`,${name},`))
      expect(line).toContain(',1.0.0,1.1.0,updated,')
      expect(line).toContain('remembered')
    }
    await person.button(words.report.putAway).click()
    await person.sees(person.heading(words.title))
  }, 240_000)
})
