// The link drops at ten places of one upload: it ends done, with exactly the released image, and little is sent twice.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type OnAir, uploadPacket } from './harness/onAir.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const DROPS = 4
/** Bytes that a phone may have under way: the reference device's buffers. */
const UNDER_WAY = 4 * 2475
const release = { version: '1.1.0', bodySize: 60_000 }

describe.skipIf(inject('radioObstacle') !== null)('losing the link', () => {
  let world: World
  let phone: Phone

  beforeAll(async () => {
    world = await startWorld()
    const model = world.maker.model('Dropping Lock')
    await world.maker.register(model)
    await world.maker.release(model, release)
    await world.maker.settle()
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

  /** Arms the fault for the packet after the one with which the upload passes each quarter of the file. */
  function dropAtQuarters({
    onAir,
    size,
    arm,
  }: {
    onAir: OnAir
    size: number
    arm: () => void
  }): () => number {
    let armed = 0
    onAir.onRequest = request => {
      const packet = uploadPacket(request)
      if (packet === undefined || armed === DROPS || packet.offset < (armed * size) / DROPS) return
      armed++
      arm()
    }
    return () => armed
  }

  const faults: readonly (readonly [string, (onAir: OnAir) => void])[] = [
    ['a write is lost', ({ peripheral }) => peripheral.writeFaults.at(1, 'drop')],
    ['a write arrives, but no answer', ({ peripheral }) => peripheral.writeFaults.at(1, 'deliverThenDrop')],
    ['an answer is lost', ({ peripheral }) => peripheral.notificationFaults.at(1, 'drop')],
  ]

  it.each(faults)('four times where %s: goes on at the stored offset each time', async (what, fault) => {
    const model = world.maker.model('Dropping Lock')
    const image = world.maker.build(model, release)
    const onAir = world.device(model, { name: `Lock: ${what}` })
    const drops = dropAtQuarters({ onAir, size: image.length, arm: () => fault(onAir) })
    const overlaps = world.radio.overlaps()
    await inTab(phone, async person => {
      await person.addOutdated(onAir.name)
      const before = onAir.peripheral.connections
      await person.startUpdate('1.1.0')
      await person.page
        .getByRole('heading', { name: person.words.result.title(onAir.name, '1.1.0') })
        .waitFor({
          timeout: 60_000,
        })
      // One for the update, one after each drop, one after the restart.
      expect(onAir.peripheral.connections - before).toBe(DROPS + 2)
    })
    expect(drops()).toBe(DROPS)
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
    expect(Buffer.from(onAir.file).equals(image)).toBe(true)
    const sent = onAir.uploads.reduce((sum, { length }) => sum + length, 0)
    expect(sent).toBeGreaterThanOrEqual(image.length)
    expect(sent).toBeLessThan(image.length + DROPS * UNDER_WAY)
    expect(world.radio.overlaps() - overlaps).toBe(0)
  })
})
