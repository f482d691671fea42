// Firmware packages of other updaters: what is read of them, and what is refused.
import { readFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { fromHex, type Hex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { crc16, crc32 } from '../../../src/core/dfu/crc.ts'
import { readEspImage } from '../../../src/core/dfu/espImage.ts'
import { readInitPacket, readNordicPackage } from '../../../src/core/dfu/nordicPackage.ts'
import { readPackedVarints, readProtobuf } from '../../../src/core/dfu/protobuf.ts'
import { readZip } from '../../../src/core/dfu/zip.ts'
import { readFirmware } from '../../../src/core/firmware/package.ts'
import { verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { imageKeyHash } from '../../../src/core/mcuboot/publicKey.ts'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import {
  buildEspImage,
  buildInitPacket,
  buildNordicPackage,
  manifestOf,
  NORDIC_KEY,
} from '../../fixtures/dfuPackages.ts'

const application = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 0xff)
const nordic = buildNordicPackage({ application })
const esp = buildEspImage({ body: application })
const kindOf = (result: { ok: boolean; error?: { kind: string } }) => (result.ok ? 'ok' : result.error?.kind)

interface NordicVectors {
  readonly initPacket: Hex
  readonly application: Hex
  readonly expected: {
    readonly version: string
    readonly hardwareVersion: number
    readonly softDevices: readonly number[]
    readonly imageHash: Hex
    readonly keyHash: Hex
  }
  readonly archives: readonly { readonly by: string; readonly bytes: Hex }[]
}
const vectors: NordicVectors = JSON.parse(
  readFileSync(new URL('../../vectors/dfu/nordic-packages.json', import.meta.url), 'utf8'),
)
const bytesOf = (hex: Hex) => fromHex(hex) ?? new Uint8Array()

describe('checksums', () => {
  test('are those of the published check values', () => {
    // "123456789": the catalogue of parametrised CRC algorithms, CRC-32/ISO-HDLC and CRC-16/XMODEM.
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926)
    expect(crc16(utf8('123456789'))).toBe(0x31c3)
    expect(crc32(utf8('6789'), crc32(utf8('12345')))).toBe(0xcbf43926)
    expect(crc16(utf8('6789'), crc16(utf8('12345')))).toBe(0x31c3)
  })
})

describe('protocol buffers', () => {
  test('are read as the specification’s examples', () => {
    // protobuf.dev, "Encoding": field 1 = 150; field 2 = "testing".
    const bytes = fromHex('0x089601120774657374696e67') ?? new Uint8Array()
    expect(readProtobuf(bytes)).toEqual({
      ok: true,
      value: [
        { id: 1, kind: 'varint', value: 150 },
        { id: 2, kind: 'bytes', value: utf8('testing') },
      ],
    })
    expect(readPackedVarints(fromHex('0x038e029ea705') ?? new Uint8Array())).toEqual({
      ok: true,
      value: [3, 270, 86942],
    })
  })

  test('of any bytes are values or an error, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        const read = readProtobuf(bytes)
        expect(read.ok || read.error.kind === 'malformedProtobuf').toBe(true)
      }),
    )
  })
})

describe('ZIP archives', () => {
  test('stored and deflated, give back their files', () => {
    for (const level of [0, 6] as const) {
      const read = readZip(Uint8Array.from(zipSync({ a: application, 'b/c': utf8('d') }, { level })))
      expect(read.ok && [...read.value]).toEqual([
        ['a', application],
        ['b/c', utf8('d')],
      ])
    }
  })

  test('cut anywhere, or with any one bit of the content turned over, are refused', () => {
    const small = Uint8Array.from(zipSync({ a: utf8('hello, hello, hello') }))
    for (let end = 0; end < small.length; end++) expect(readZip(small.subarray(0, end)).ok).toBe(false)
    const content = small.subarray(31, 31 + 10)
    for (let i = 0; i < content.length * 8; i++) {
      const damaged = Uint8Array.from(small)
      damaged[31 + (i >> 3)] = (damaged[31 + (i >> 3)] ?? 0) ^ (1 << (i & 7))
      const read = readZip(damaged)
      // A bit of the deflate stream that changes nothing of what comes out is no damage.
      if (read.ok) expect(read.value.get('a')).toEqual(utf8('hello, hello, hello'))
    }
  })

  test('with another name in the local header than in the directory are refused', () => {
    const small = Uint8Array.from(zipSync({ a: utf8('x') }, { level: 0 }))
    small[30] = 0x62
    expect(kindOf(readZip(small))).toBe('malformedZip')
  })

  test('of any bytes are refused, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(readZip(bytes).ok).toBe(false)
      }),
    )
  })
})

describe('a package of Nordic’s', () => {
  test.each(vectors.archives)(
    'that $by has packed, with an init packet made elsewhere, is read',
    ({ bytes }) => {
      const { expected, initPacket, application: image } = vectors
      const firmware = readFirmware(bytesOf(bytes))
      if (!firmware.ok) throw new Error(`${firmware.error.kind}: ${firmware.error.detail}`)
      const { version, imageHash, isSigned, keyHashes, parts } = firmware.value
      expect(formatVersion(version)).toBe(expected.version)
      expect(toHex(imageHash)).toBe(expected.imageHash)
      expect(isSigned && keyHashes.map(toHex)).toContain(expected.keyHash)
      expect(parts.initPacket && toHex(parts.initPacket)).toBe(initPacket)
      expect(parts.application && toHex(parts.application)).toBe(image)
      expect(readInitPacket(bytesOf(initPacket))).toMatchObject({
        value: { init: { hardwareVersion: expected.hardwareVersion, softDevices: expected.softDevices } },
      })
    },
  )

  test('tells version, hash, size and who can have signed it', () => {
    const files = readZip(nordic)
    if (!files.ok) throw new Error(files.error.kind)
    const manifest = { manifest: { application: { bin_file: 'app.bin', dat_file: 'app.dat' } } }
    const read = readNordicPackage(manifest, files.value)
    if (!read.ok) throw new Error(read.error.kind)
    expect(read.value.init).toEqual({
      firmwareVersion: 10_203,
      hardwareVersion: 52,
      softDevices: [0x100],
      applicationSize: 5000,
      hash: Uint8Array.from(sha256(application)),
      isDebug: false,
    })
    const firmware = readFirmware(nordic)
    if (!firmware.ok) throw new Error(firmware.error.kind)
    expect(firmware.value.version).toEqual({ major: 1, minor: 2, revision: 3, build: 0 })
    const key = toHex(imageKeyHash({ kind: 'ecdsaP256', bytes: NORDIC_KEY }))
    expect(firmware.value.keyHashes.map(toHex)).toContain(key)
  })

  test('that replaces the bootloader, is for a debugger, or has another image than its hash says, is refused', () => {
    const parts = { bootloader: { bin_file: 'b', dat_file: 'c' } }
    expect(kindOf(readFirmware(buildNordicPackage({ application, others: parts })))).toBe(
      'replacesBootloader',
    )
    expect(kindOf(readFirmware(buildNordicPackage({ application, isDebug: true })))).toBe('malformedPackage')
    expect(kindOf(readFirmware(buildNordicPackage({ application, type: 2 })))).toBe('malformedPackage')
    const hash = sha256(utf8('another'))
    expect(kindOf(readFirmware(buildNordicPackage({ application, hash })))).toBe('hashMismatch')
  })

  test('has an init packet that is refused when it is cut anywhere, and never throws for any bytes', () => {
    const packet = buildInitPacket({ application })
    for (let end = 0; end < packet.length; end++) {
      expect(readInitPacket(packet.subarray(0, end)).ok).toBe(false)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), bytes => {
        readInitPacket(bytes)
      }),
    )
  })

  test('with a field that comes twice is refused: what it means would depend on the reader', () => {
    const packet = buildInitPacket({ application, secretKey: null })
    const twice = Uint8Array.from([...packet, ...packet])
    expect(readInitPacket(twice).ok).toBe(false)
  })
})

describe('an image of Espressif’s', () => {
  test('tells version, chip, project and its hash', () => {
    const read = readEspImage(buildEspImage({ body: application, version: 'v2.0.1', secureVersion: 3 }))
    if (!read.ok) throw new Error(read.error.kind)
    const { version, chip, project, secureVersion, keyHash } = read.value
    expect({ version, chip, project, secureVersion, keyHash }).toEqual({
      version: { major: 2, minor: 0, revision: 1, build: 0 },
      chip: 5,
      project: 'blinky',
      secureVersion: 3,
      keyHash: null,
    })
  })

  test('cut anywhere, longer, or with any byte changed, is refused', () => {
    const image = buildEspImage({ body: utf8('body') })
    for (let end = 0; end < image.length; end++) expect(readEspImage(image.subarray(0, end)).ok).toBe(false)
    expect(kindOf(readEspImage(Uint8Array.from([...image, 0])))).toBe('trailingBytes')
    for (let i = 0; i < image.length; i++) {
      const damaged = Uint8Array.from(image)
      damaged[i] = (damaged[i] ?? 0) ^ 0x10
      expect(readEspImage(damaged).ok).toBe(false)
    }
  })
})

describe('the gate of verified firmware', () => {
  const expect0 = { hardware: 'rev A', slotSize: null }

  test('lets each form through to the updater that takes it, and to no other', () => {
    for (const [file, format] of [
      [nordic, 'nordicDfu'],
      [esp, 'espOta'],
    ] as const) {
      const manifest = manifestOf(file)
      expect(kindOf(verifyFirmware(file, manifest, { ...expect0, format }))).toBe('ok')
      expect(kindOf(verifyFirmware(file, manifest, expect0))).toBe('wrongFormat')
    }
  })

  test('takes an unsigned image only where the manifest says that it is unsigned', () => {
    const signed = manifestOf(esp, { keyHash: `0x${'11'.repeat(32)}` })
    expect(kindOf(verifyFirmware(esp, signed, { ...expect0, format: 'espOta' }))).toBe('unsigned')
    const unsigned = buildNordicPackage({ application, secretKey: null })
    const format = 'nordicDfu'
    expect(kindOf(verifyFirmware(unsigned, manifestOf(unsigned), { ...expect0, format }))).toBe('unsigned')
  })

  test('refuses a package that another key signed than the manifest names', () => {
    const other = buildNordicPackage({ application, secretKey: new Uint8Array(32).fill(7) })
    const key = toHex(imageKeyHash({ kind: 'ecdsaP256', bytes: NORDIC_KEY }))
    const manifest = manifestOf(other, { keyHash: key })
    expect(kindOf(verifyFirmware(other, manifest, { ...expect0, format: 'nordicDfu' }))).toBe('wrongKey')
  })
})
