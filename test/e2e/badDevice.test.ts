// A device that answers nonsense, too late or not at all: an error on the screen or a finished job, never a hang. What comes twice is the unit tests’.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Model } from '../../src/core/registry/model.ts'
import { encodeMessage, SmpGroup, type SmpMessage } from '../../src/core/smp/message.ts'
import type { Answering } from './harness/onAir.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const isImageState = ({ group, command }: SmpMessage) => group === SmpGroup.image && command === 0
const isUpload = ({ group, command }: SmpMessage) => group === SmpGroup.image && command === 1
/** Twenty bytes of the wrong kind of CBOR: an array that claims to hold more than follows. */
const malformed = Uint8Array.from([0x9b, ...new Uint8Array(19).fill(0xff)])

const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

describe.skipIf(inject('radioObstacle') !== null)('a device that answers badly', () => {
  let world: World
  let model: Model
  let phone: Phone

  beforeAll(async () => {
    world = await startWorld()
    model = world.maker.model('Odd Lock')
    await world.maker.register(model)
    await world.maker.release(model, { version: '1.1.0' })
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

  const whenChecked: readonly (readonly [string, keyof Person['words']['failures'], Answering])[] = [
    [
      'with malformed CBOR',
      'malformed',
      answer => (isImageState(answer) ? [encodeMessage({ ...answer, payload: malformed })] : undefined),
    ],
    [
      'with the wrong sequence numbers',
      'timeout',
      answer =>
        isImageState(answer)
          ? [encodeMessage({ ...answer, sequence: (answer.sequence + 1) % 256 })]
          : undefined,
    ],
    ['with nothing', 'timeout', answer => (isImageState(answer) ? [] : undefined)],
  ]

  it.each(whenChecked)(
    '%s: the check ends and says so, and works once the device does',
    async (how, kind, answering) => {
      const onAir = world.device(model, { name: `Lock ${how}`.slice(0, 28) })
      onAir.answering = answering
      await inTab(phone, async person => {
        const { failures, device } = person.words
        await person.addDevice(onAir.name)
        await person.sees(person.text(failures[kind].title))
        expect(await person.button(device.update('1.1.0')).count()).toBe(0)
        onAir.answering = null
        await person.button(device.checkFirst).click()
        await person.sees(person.heading(device.verdict.update('1.1.0')))
      })
      expect(onAir.uploads).toEqual([])
    },
  )

  it('late each time: it takes longer, and ends well', async () => {
    const onAir = world.device(model, { name: 'Lock Late' })
    let uploads = 0
    onAir.answering = async answer => {
      // All of the handshake, and the upload now and then: later than an impatient phone would wait.
      await later(isUpload(answer) && uploads++ % 4 !== 0 ? 0 : 300)
      return [encodeMessage(answer)]
    }
    await inTab(phone, async person => {
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await person.seesResult(onAir.name, '1.1.0')
    })
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
  })

  it('in the middle of the upload with malformed CBOR: stops, says so, and goes on when told to', async () => {
    const onAir = world.device(model, { name: 'Lock Garbled' })
    let uploads = 0
    onAir.answering = answer =>
      isUpload(answer) && ++uploads > 4 ? [encodeMessage({ ...answer, payload: malformed })] : undefined
    await inTab(phone, async person => {
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await person.seesFailure('malformed')
      await person.sees(person.text(person.words.update.devicePartly('1.0.0')))
      expect(onAir.running).toEqual({ version: '1.0.0', isConfirmed: true })
      onAir.answering = null
      await person.button(person.words.common.retry).click()
      await person.seesResult(onAir.name, '1.1.0')
    })
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
  })
})
