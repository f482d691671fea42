// A release with a build for each slot: which packages are taken, how both are named, and that only the named ones get through the gate.
import { describe, expect, it } from 'vitest'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import { hashOfSet, hashOfSlots } from '../../../src/core/firmware/imageSet.ts'
import { readFirmware } from '../../../src/core/firmware/package.ts'
import { verifyFirmware } from '../../../src/core/firmware/verified.ts'
import {
  bootModeOf,
  goesBack,
  hasSlotBuilds,
  isMarked,
  startsHighest,
} from '../../../src/core/mcuboot/bootMode.ts'
import { buildImage, type ImageParts } from '../../../src/core/mcuboot/build.ts'
import { ImageFlag } from '../../../src/core/mcuboot/image.ts'
import { buildSlotSet, manifestOf } from '../../fixtures/dfuPackages.ts'
import { ECDSA, ED25519 } from '../mcuboot/vectors.ts'

const build = (loadAddress: number, parts: Partial<ImageParts> = {}): Bytes =>
  buildImage({
    version: { major: 2, minor: 1, revision: 0, build: 0 },
    body: new Uint8Array(3000).fill(loadAddress & 0xff),
    signer: ECDSA,
    securityCounter: 3,
    flags: ImageFlag.romFixed,
    loadAddress,
    ...parts,
  })
const [first, second] = [build(0xc000), build(0x84000)]

const kindOf = (set: Bytes) => {
  const read = readFirmware(set)
  return read.ok ? 'ok' : read.error.kind
}

describe('a package with a build for each slot', () => {
  it('holds both under their slots, whatever their order in it, and one hash for both', () => {
    const read = readFirmware(buildSlotSet([second, first], [1, 0]))
    if (!read.ok) throw new Error(read.error.kind)
    const { images, parts, imageHash, version } = read.value
    expect(images.map(({ index, slot, part }) => [index, slot, part])).toEqual([
      [0, 0, 'slot0'],
      [0, 1, 'slot1'],
    ])
    expect(parts.slot0).toEqual(first)
    expect(parts.slot1).toEqual(second)
    expect(version.major).toBe(2)
    const hashes = images.map(({ hash }) => hash)
    expect(imageHash).toEqual(hashOfSlots(hashes))
    expect(hashOfSlots(hashes)).not.toEqual(hashOfSlots(hashes.toReversed()))
    expect(hashOfSlots(hashes)).not.toEqual(hashOfSet(hashes.map((hash, index) => ({ index, hash }))))
  })

  it('is refused where a build does not say its address, or both say the same one', () => {
    expect(kindOf(buildSlotSet([first, second]))).toBe('ok')
    expect(kindOf(buildSlotSet([first, build(0x84000, { flags: 0 })]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([first, build(0xc000, { body: new Uint8Array(10) })]))).toBe(
      'malformedPackage',
    )
  })

  it('is refused where the builds differ in version, counter or signer, or a slot comes twice or is missing', () => {
    const other = { version: { major: 2, minor: 2, revision: 0, build: 0 } }
    expect(kindOf(buildSlotSet([first, build(0x84000, other)]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([first, build(0x84000, { securityCounter: 4 })]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([first, build(0x84000, { signer: ED25519 })]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([first, second], [0, 0]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([second], [1]))).toBe('malformedPackage')
    expect(kindOf(buildSlotSet([first, second, build(0x90000)], [0, 1, 1]))).toBe('malformedPackage')
  })
})

describe('the gate', () => {
  const file = buildSlotSet([first, second])
  const manifest = manifestOf(file)
  const expected = { hardware: 'rev A', slotSize: Math.max(first.length, second.length) }

  it('lets the builds through that the manifest names, each of which must fit the slot', () => {
    const verified = verifyFirmware(file, manifest, expected)
    expect(verified.ok && verified.value.images.map(({ slot }) => slot)).toEqual([0, 1])
    expect(verified.ok && verified.value.manifest.slotImages).toEqual(manifest.slotImages)
    const small = { ...expected, slotSize: expected.slotSize - 1 }
    expect(verifyFirmware(file, manifest, small)).toMatchObject({ error: { kind: 'tooLargeForSlot' } })
  })

  it('refuses them where the manifest names others, in another order, or none', () => {
    const { slotImages: [one, two] = [toHex(first), toHex(first)], ...none } = manifest
    for (const changed of [none, { ...none, slotImages: [two, one] as const }]) {
      expect(verifyFirmware(file, changed, expected)).toMatchObject({ error: { kind: 'wrongImageHash' } })
    }
    const single = manifestOf(first)
    expect(verifyFirmware(first, { ...single, slotImages: [one, two] }, expected)).toMatchObject({
      error: { kind: 'wrongImageHash' },
    })
  })
})

describe('MCUboot’s modes', () => {
  it('are told by the numbers of boot_status.h; what is not known is not guessed', () => {
    const modes = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(bootModeOf)
    expect(modes).toEqual([
      ...[null, 'singleSlot', 'swap', 'overwrite', 'swap', 'directXip', 'directXipRevert', 'ramLoad'],
      ...['firmwareLoader', 'singleSlot', 'swap', null],
    ])
    expect(bootModeOf(null)).toBeNull()
    const known = [...new Set(modes)]
    expect(known.filter(hasSlotBuilds)).toEqual(['directXip', 'directXipRevert'])
    expect(known.filter(startsHighest)).toEqual(['directXip', 'directXipRevert', 'ramLoad'])
    expect(known.filter(goesBack)).toEqual([null, 'swap', 'directXipRevert'])
    expect(known.filter(isMarked)).toEqual([null, 'swap', 'overwrite', 'directXipRevert'])
  })
})
