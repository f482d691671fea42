// The browser is killed in the middle of an update, and opened again: the update goes on, and ends with the truth.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { isReset, type OnAir, uploadPacket } from './harness/onAir.ts'
import { Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

/** The browser's own memory of devices, which Chrome has behind a flag. */
const remembering = ['WebBluetoothNewPermissionsBackend']
/** Bytes that a phone may have under way: the reference device's buffers. */
const UNDER_WAY = 4 * 2475
const release = { version: '1.1.0', bodySize: 60_000 }

describe.skipIf(inject('radioObstacle') !== null)('a browser that is killed', () => {
  let world: World
  let model: Model
  let profileDir: string
  let phone: Phone | undefined

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Interrupted Lock')
    await world.maker.register(model)
    await world.maker.release(model, release)
    await world.maker.settle()
  })

  beforeEach(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'fob-killed-'))
  })

  afterEach(async () => {
    await phone?.discard()
    phone = undefined
    world.radio.clear()
    // A browser that was killed leaves processes that write for a moment more.
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  afterAll(() => world?.stop())

  async function meet(features: readonly string[], onAir: OnAir): Promise<Person> {
    phone = await world.phone({ features, profileDir, installs: true })
    const person = new Person(phone)
    await person.pinSuggestedMaker()
    await person.addOutdated(onAir.name)
    return person
  }

  /** Starts the update; the browser is killed at the moment that `arm` waits for. */
  async function updateUntil(person: Person, arm: (kill: () => void) => void, onAir: OnAir): Promise<void> {
    let isKilled = false
    const killed = new Promise<void>((resolve, reject) =>
      arm(() => {
        if (isKilled || phone === undefined) return
        isKilled = true
        phone.kill().then(resolve, reject)
      }),
    )
    await person.startUpdate('1.1.0')
    await killed
    await expect.poll(() => onAir.device.isConnected).toBe(false)
  }

  const whenHalfIsSent = (onAir: OnAir) => (kill: () => void) => {
    onAir.onRequest = request => {
      if ((uploadPacket(request)?.offset ?? 0) > release.bodySize / 2) kill()
    }
  }

  /** The device has taken the command; whether the browser still hears so is another matter. */
  const whenRestartIsGranted = (onAir: OnAir) => (kill: () => void) => {
    onAir.answering = answer => {
      if (isReset(answer)) kill()
      return undefined
    }
  }

  /** From the list of devices to the update that waits. */
  async function findWaitingUpdate(name: string): Promise<Person> {
    if (phone === undefined) throw new Error('there is no phone')
    await phone.reopen()
    const person = new Person(phone)
    const card = person.page.getByRole('link', { name })
    await card.getByText(person.words.deviceState.awaitingDevice).waitFor()
    await card.click()
    return person
  }

  function expectOnlyTheRest(onAir: OnAir, before: number): void {
    const image = world.maker.build(model, release)
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
    expect(Buffer.from(onAir.file).equals(image)).toBe(true)
    const packets = onAir.uploads
    const farthest = Math.max(...packets.slice(0, before).map(({ offset }) => offset))
    const sentAgain = packets.slice(before).reduce((sum, { length }) => sum + length, 0)
    expect(sentAgain).toBeGreaterThan(0)
    expect(sentAgain).toBeLessThan(image.length - farthest + UNDER_WAY)
  }

  describe('and remembers its devices', () => {
    /** Switched off and on once: the browser writes its permissions only every ten seconds, or when it ends. */
    async function meetAndSwitchOffAndOn(onAir: OnAir): Promise<Person> {
      await meet(remembering, onAir)
      await phone?.close()
      phone = await world.phone({ features: remembering, profileDir })
      const person = new Person(phone)
      await person.page.getByRole('link', { name: onAir.name }).click()
      return person
    }

    it('in the middle of the upload goes on from the stored offset, without another choosing', async () => {
      const onAir = world.device(model)
      await updateUntil(await meetAndSwitchOffAndOn(onAir), whenHalfIsSent(onAir), onAir)
      const sent = onAir.uploads.length
      const person = await findWaitingUpdate(onAir.name)
      await person.button(person.words.update.reconnect).click()
      await person.seesResult(onAir.name, '1.1.0')
      expectOnlyTheRest(onAir, sent)
    })

    it('right after the restart was granted reads back what runs, and confirms it', async () => {
      const onAir = world.device(model, { device: { bootMs: 500 } })
      await updateUntil(await meetAndSwitchOffAndOn(onAir), whenRestartIsGranted(onAir), onAir)
      await expect.poll(() => onAir.running).toEqual({ version: '1.1.0', isConfirmed: false })
      const sent = onAir.uploads.length
      const person = await findWaitingUpdate(onAir.name)
      await person.sees(person.text(person.words.update.awaitingDeviceRestart))
      await person.button(person.words.update.reconnect).click()
      await person.seesResult(onAir.name, '1.1.0')
      expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
      expect(onAir.uploads.length).toBe(sent)
    })
  })

  it('and forgets its devices has the person choose it again, and goes on from the stored offset', async () => {
    const onAir = world.device(model)
    await updateUntil(await meet([], onAir), whenHalfIsSent(onAir), onAir)
    const sent = onAir.uploads.length
    const person = await findWaitingUpdate(onAir.name)
    await person.button(person.words.update.reconnect).click()
    await person.sees(person.button(person.words.update.chooseAgain))
    person.chooser.setAnswer({ take: onAir.name })
    await person.button(person.words.update.chooseAgain).click()
    await person.seesResult(onAir.name, '1.1.0')
    expectOnlyTheRest(onAir, sent)
  })
})
