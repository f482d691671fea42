// The image group through raw SMP messages: state, upload and resume, erase, slot info, and Zephyr's error codes.
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { buildImage } from '../../../src/core/mcuboot/build.ts'
import type { CborMap } from '../../../src/core/smp/cbor.ts'
import { ImageError as E, MgmtError } from '../../../src/core/smp/errors.ts'
import { hashOf, RawClient, startDevice, testImage } from './fixtures.ts'

const OLD = testImage({ minor: 1 })
const NEW = testImage({ minor: 2 })
const IMAGE = 1
const err = (rc: number) => ({ err: { group: IMAGE, rc } })
const test = (image: Uint8Array) => ({ hash: hashOf(image), confirm: false })
const confirm = (image: Uint8Array) => ({ hash: hashOf(image), confirm: true })
const setState = (client: RawClient, body: CborMap) => client.body('write', IMAGE, 0, body)
const send = (client: RawClient, body: CborMap) => client.body('write', IMAGE, 1, body)

const first = (image: Uint8Array, changes: CborMap = {}): CborMap => ({
  image: 0,
  len: image.length,
  off: 0,
  sha: sha256(image),
  data: image.slice(0, 100),
  ...changes,
})

describe('upload', () => {
  it('stores the file and says that its hash matches', async () => {
    const { client, flash } = await startDevice(OLD)
    expect(await client.upload(NEW)).toEqual({ off: NEW.length, match: true })
    expect(flash.read('secondary', 0, NEW.length)).toEqual(NEW)
  })

  it('says so when the stored file is not the announced one', async () => {
    const { client } = await startDevice(OLD)
    await send(client, first(NEW, { sha: sha256(OLD) }))
    for (let at = 100; at < NEW.length - 200; at += 200)
      await send(client, { off: at, data: NEW.slice(at, at + 200) })
    const at = 100 + 200 * Math.ceil((NEW.length - 300) / 200)
    expect(await send(client, { off: at, data: NEW.slice(at) })).toEqual({ off: NEW.length, match: false })
  })

  it('answers a wrong or repeated offset with the expected one and stores nothing', async () => {
    const { client, flash } = await startDevice(OLD)
    await client.upload(NEW, 0, 400)
    const before = flash.snapshot()
    for (const off of [200, 399, 401, 4000]) {
      expect(await send(client, { off, data: NEW.slice(0, 50) })).toEqual({ off: 400 })
    }
    expect(flash.snapshot()).toEqual(before)
    expect(await client.upload(NEW, 400)).toEqual({ off: NEW.length, match: true })
  })

  it('goes on where it was after the link was lost, for the same sha only', async () => {
    const { device, timer, client } = await startDevice(OLD)
    await client.upload(NEW, 0, 600)
    device.dropLink()
    const again = new RawClient(timer, await device.connect())
    expect(await send(again, first(NEW))).toEqual({ off: 600 })
    expect(await again.upload(NEW, 600)).toEqual({ off: NEW.length, match: true })

    const other = testImage({ minor: 3 })
    await again.upload(other, 0, 600)
    expect(await send(again, first(NEW))).toEqual({ off: 100 })
  })

  it('starts over without a sha, and after a reset', async () => {
    const { device, timer, client } = await startDevice(OLD)
    await client.upload(NEW, 0, 600)
    const { sha: _, ...withoutSha } = first(NEW)
    expect(await send(client, withoutSha)).toEqual({ off: 100 })
    device.cyclePower()
    await timer.advance(2000)
    const again = new RawClient(timer, await device.connect())
    expect(await send(again, { off: 100, data: NEW.slice(100, 200) })).toEqual({ off: 0 })
    expect(await send(again, first(NEW))).toEqual({ off: 100 })
  })

  it('says at once that it has the file already', async () => {
    const { client } = await startDevice(OLD)
    await client.upload(NEW)
    expect(await send(client, first(NEW))).toEqual({ off: NEW.length, match: true })
  })

  it('takes an upload for another image number, as real servers do', async () => {
    const { client } = await startDevice(OLD)
    expect(await send(client, first(NEW, { image: 5 }))).toEqual({ off: 100 })
  })

  it.each<[string, CborMap, number]>([
    ['no offset', { len: NEW.length, data: NEW.slice(0, 100) }, E.INVALID_OFFSET],
    ['less than a header', first(NEW, { data: NEW.slice(0, 31) }), E.INVALID_IMAGE_HEADER],
    ['no length', { off: 0, data: NEW.slice(0, 100) }, E.INVALID_LENGTH],
    ['another magic', first(NEW, { data: new Uint8Array(100) }), E.INVALID_IMAGE_HEADER_MAGIC],
    ['a sha of 33 bytes', first(NEW, { sha: new Uint8Array(33) }), E.INVALID_HASH],
    ['a file beyond the slot', first(NEW, { len: 3585 }), E.INVALID_IMAGE_TOO_LARGE],
    [
      'an upgrade to an older one',
      first(testImage(), { upgrade: true, data: testImage().slice(0, 100) }),
      E.CURRENT_VERSION_IS_NEWER,
    ],
    [
      'an upgrade to the same',
      first(OLD, { upgrade: true, data: OLD.slice(0, 100) }),
      E.CURRENT_VERSION_IS_NEWER,
    ],
  ])('refuses %s', async (_, request, rc) => {
    const { client, flash } = await startDevice(OLD)
    const before = flash.snapshot()
    expect(await send(client, request)).toEqual(err(rc))
    expect(flash.snapshot()).toEqual(before)
  })

  it('takes the largest file that fits, to the byte, and an upgrade to a newer one', async () => {
    const { client } = await startDevice(OLD)
    expect(await send(client, first(NEW, { len: 3584, upgrade: true }))).toEqual({ off: 100 })
  })

  it('refuses more data than announced and then knows of no upload', async () => {
    const { client } = await startDevice(OLD)
    await send(client, first(NEW, { len: 150 }))
    expect(await send(client, { off: 100, data: new Uint8Array(51) })).toEqual(
      err(E.INVALID_IMAGE_DATA_OVERRUN),
    )
    expect(await send(client, { off: 100, data: new Uint8Array(10) })).toEqual({ off: 0 })
  })

  it.each<[string, CborMap]>([
    ['off', { off: 'x', data: NEW.slice(0, 100) }],
    ['off', { off: -1, data: NEW.slice(0, 100) }],
    ['data', first(NEW, { data: 'text' })],
    ['len', first(NEW, { len: null })],
    ['sha', first(NEW, { sha: 5 })],
    ['upgrade', first(NEW, { upgrade: 1 })],
    ['image', first(NEW, { image: true })],
  ])('calls a field of another type invalid: %s', async (_, request) => {
    const { client } = await startDevice(OLD)
    expect(await send(client, request)).toEqual({ rc: MgmtError.EINVAL })
  })
})

describe('state', () => {
  const running = {
    slot: 0,
    version: '1.1.0',
    hash: hashOf(OLD),
    bootable: true,
    active: true,
    permanent: false,
  }
  const stored = { slot: 1, version: '1.2.0', hash: hashOf(NEW), bootable: true, active: false }

  it('lists the running image, and the other one once it is there', async () => {
    const { client } = await startDevice(OLD)
    const factory = { ...running, pending: false, confirmed: true }
    expect(await client.body('read', IMAGE, 0, {})).toEqual({ images: [factory], splitStatus: 0 })
    await client.upload(NEW)
    expect(await client.state()).toEqual([
      factory,
      { ...stored, pending: false, confirmed: false, permanent: false },
    ])
  })

  it('prints the build number as Zephyr does', async () => {
    const signer = { kind: 'ecdsaP256', secretKey: new Uint8Array(32).fill(5) } as const
    const version = { major: 1, minor: 2, revision: 3, build: 4 }
    const { client } = await startDevice(buildImage({ version, body: new Uint8Array(64), signer }))
    expect(await client.state()).toMatchObject([{ version: '1.2.3.4' }])
  })

  it('marks for a test, answers with the new state, and takes the same request again', async () => {
    const { client } = await startDevice(OLD)
    await client.upload(NEW)
    for (let i = 0; i < 2; i++) {
      expect(await setState(client, test(NEW))).toMatchObject({
        images: [
          { slot: 0, confirmed: true, active: true },
          { slot: 1, pending: true, permanent: false, confirmed: false },
        ],
      })
    }
    expect(await setState(client, confirm(NEW))).toEqual(err(E.IMAGE_ALREADY_PENDING))
    expect(await setState(client, { confirm: true })).toEqual(err(E.IMAGE_ALREADY_PENDING))
  })

  it('marks for good, and takes the same request again', async () => {
    const { client } = await startDevice(OLD)
    await client.upload(NEW)
    for (let i = 0; i < 2; i++) {
      expect(await setState(client, confirm(NEW))).toMatchObject({
        images: [{ slot: 0 }, { slot: 1, pending: true, permanent: true }],
      })
    }
    expect(await setState(client, test(NEW))).toEqual(err(E.IMAGE_ALREADY_PENDING))
  })

  it('refuses what makes no sense', async () => {
    const { client } = await startDevice(OLD)
    expect(await setState(client, test(OLD))).toEqual(err(E.IMAGE_SETTING_TEST_TO_ACTIVE_DENIED))
    expect(await setState(client, test(NEW))).toEqual(err(E.HASH_NOT_FOUND))
    expect(await setState(client, { confirm: false })).toEqual(err(E.INVALID_HASH))
    expect(await setState(client, {})).toEqual(err(E.INVALID_HASH))
    expect(await setState(client, { hash: new Uint8Array(31) })).toEqual(err(E.INVALID_HASH))
    expect(await setState(client, { hash: 'x' })).toEqual({ rc: MgmtError.EINVAL })
    expect(await setState(client, { confirm: 1 })).toEqual({ rc: MgmtError.EINVAL })
  })

  it('confirms what is confirmed already without a word', async () => {
    const { client } = await startDevice(OLD)
    expect(await setState(client, { confirm: true })).toMatchObject({ images: [{ confirmed: true }] })
    expect(await setState(client, confirm(OLD))).toMatchObject({ images: [{ confirmed: true }] })
  })

  it('on trial: the other image is the confirmed one, and only the running one can be confirmed', async () => {
    const { device, timer, client } = await startDevice(OLD)
    await client.upload(NEW)
    await setState(client, test(NEW))
    device.cyclePower()
    await timer.advance(2000)
    const trial = new RawClient(timer, await device.connect())
    expect(await trial.state()).toMatchObject([
      { slot: 0, version: '1.2.0', active: true, confirmed: false },
      { slot: 1, version: '1.1.0', active: false, confirmed: true, pending: false },
    ])
    expect(await setState(trial, test(OLD))).toEqual(err(E.IMAGE_ALREADY_PENDING))
    expect(await send(trial, first(testImage({ minor: 3 })))).toEqual(err(E.NO_FREE_SLOT))
    expect(await trial.body('write', IMAGE, 5, {})).toEqual(err(E.NO_FREE_SLOT))
    expect(await setState(trial, { confirm: true })).toMatchObject({
      images: [
        { slot: 0, confirmed: true },
        { slot: 1, confirmed: false },
      ],
    })
    expect(await trial.body('write', IMAGE, 5, {})).toEqual({})
  })
})

describe('erase', () => {
  it('empties the other slot and forgets an upload', async () => {
    const { client } = await startDevice(OLD, { eraseMs: 400 })
    await client.upload(NEW, 0, 600)
    expect(await client.body('write', IMAGE, 5, {})).toEqual({})
    expect(await client.state()).toHaveLength(1)
    expect(await send(client, { off: 600, data: NEW.slice(600, 700) })).toEqual({ off: 0 })
    expect(await client.body('write', IMAGE, 5, { slot: 1 })).toEqual({})
  })

  it('refuses the running slot, a pending image and slots that are not there', async () => {
    const { client } = await startDevice(OLD)
    expect(await client.body('write', IMAGE, 5, { slot: 0 })).toEqual(err(E.NO_FREE_SLOT))
    expect(await client.body('write', IMAGE, 5, { slot: 2 })).toEqual(err(E.INVALID_SLOT))
    expect(await client.body('write', IMAGE, 5, { slot: 'x' })).toEqual({ rc: MgmtError.EINVAL })
    await client.upload(NEW)
    await setState(client, test(NEW))
    expect(await client.body('write', IMAGE, 5, { slot: 1 })).toEqual(err(E.NO_FREE_SLOT))
    expect(await send(client, first(testImage({ minor: 3 })))).toEqual(err(E.NO_FREE_SLOT))
    expect(await client.state()).toMatchObject([{}, { pending: true }])
  })
})

it('tells the sizes of its slots and of the largest image', async () => {
  const { client } = await startDevice(OLD)
  expect(await client.body('read', IMAGE, 6, {})).toEqual({
    images: [
      {
        image: 0,
        slots: [
          { slot: 0, size: 4096 },
          { slot: 1, size: 4096 },
        ],
        max_image_size: 3584,
      },
    ],
  })
})

describe('version 1 clients', () => {
  it.each<[string, CborMap, number]>([
    ['hash not found', test(NEW), MgmtError.EUNKNOWN],
    ['no hash', {}, MgmtError.EINVAL],
  ])('get errors as SMP codes: %s', async (_, request, rc) => {
    const { client } = await startDevice(OLD)
    const answer = await client.ask('write', IMAGE, 0, request, 0)
    expect(answer).toMatchObject({ version: 0, body: { rc } })
    expect(answer?.body).not.toHaveProperty('err')
  })

  it('get the state of a busy slot as EBADSTATE', async () => {
    const { client } = await startDevice(OLD)
    expect((await client.ask('write', IMAGE, 5, { slot: 0 }, 0))?.body).toEqual({ rc: MgmtError.EBADSTATE })
  })
})
