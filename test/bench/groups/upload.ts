// Sending firmware over modelled links: how near to what the link carries, and against one request at a time.
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { type Address, toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { PROBED_SIZES, probeWriteSize } from '../../../src/core/smp/probe.ts'
import { type UploadOptions, uploadImage } from '../../../src/core/smp/upload.ts'
import { VirtualTime } from '../../unit/smp/virtualTime.ts'
import { presets } from '../link/presets.ts'
import { type Radio, RadioLink } from '../link/radioLink.ts'
import type { Group, Row } from '../row.ts'

const signingKey = new Uint8Array(32).fill(5)
const hardware = 'rev B'

export const group: Group = {
  name: 'Upload of 256 KiB to the reference device (time of the modelled link alone)',
  async run() {
    const firmware = uploadedFirmware(262_144)
    const rows: Row[] = []
    for (const [name, radio] of presets) {
      const limit = await rawThroughput(radio, firmware.size)
      const upload = await measureUpload(firmware, radio)
      const { throughput, roundTrips, overhead } = upload
      // Virtual time and a seeded radio: the same comes out every time.
      rows.push({
        name: `${name}: throughput (${roundTrips} round trips, ${overhead} bytes more than the file)`,
        value: throughput / 1000,
        unit: 'kB/s',
        reference: { name: 'writes of the best size, nothing else', value: limit / 1000 },
        better: 'higher',
        runs: 1,
      })
      const oneByOne = await measureUpload(firmware, radio, { params: null, window: 1 })
      rows.push({
        name: `${name}: the same`,
        value: throughput / 1000,
        unit: 'kB/s',
        reference: { name: 'one write, then its answer', value: oneByOne.throughput / 1000 },
        better: 'higher',
        runs: 1,
      })
      rows.push({
        name: `${name}: the link’s own limit, which no client passes`,
        value: limit / 1000,
        unit: 'kB/s',
        reference: { name: 'one write, then its answer', value: oneByOne.throughput / 1000 },
        better: 'higher',
        runs: 1,
      })
    }
    return rows
  },
}

/** Milliseconds that the device takes for a request, its flash written meanwhile. */
const REQUEST_MS = 3

interface Measured {
  /** Bytes of the file in a second. */
  readonly throughput: number
  readonly roundTrips: number
  readonly overhead: number
}

export async function measureUpload(
  firmware: VerifiedFirmware,
  radio: Radio,
  options: UploadOptions = {},
): Promise<Measured> {
  const time = new VirtualTime()
  const { device } = createDemoDevice({
    kind: 'lock',
    maker: address,
    registry: address,
    chainId: 31_337,
    trustedKeys: [signerPublicKey({ kind: 'ecdsaP256', secretKey: signingKey })],
    key: new Uint8Array(32).fill(9),
    timer: time,
    storage: { factoryImage: imageOf(0, 4096) },
    options: { maxWrite: radio.attMtu - 3, writeMs: 0, requestMs: REQUEST_MS, eraseMs: 0 },
  })
  const link = new RadioLink(time, radio, await device.connect(), seededRandom())
  const client = new SmpClient(link, { timer: time })
  client.writeSize = 20
  const probed = await time.until(probeWriteSize(client))
  if (!probed.ok) throw new Error(`the probe failed: ${probed.error.kind}`)
  const before = { ...link.count }
  let roundTrips = 0
  const begun = time.now()
  const sent = await time.until(uploadImage(client, firmware, { ...options, onProgress: () => roundTrips++ }))
  if (!sent.ok) throw new Error(`the upload failed: ${sent.error.kind}`)
  const { rewinds, bytesSent, deviceChecked } = sent.value
  if (rewinds !== 0 || bytesSent !== firmware.size || !deviceChecked) {
    throw new Error(`not a clean upload: ${JSON.stringify(sent.value)}`)
  }
  const seconds = (time.now() - begun) / 1000
  client.dispose()
  device.dispose()
  return {
    throughput: firmware.size / seconds,
    roundTrips,
    overhead: link.count.bytes - before.bytes - firmware.size,
  }
}

/** What the link carries of nothing but writes, each of the size that gets most through, in bytes of their values per second. */
export async function rawThroughput(radio: Radio, size: number): Promise<number> {
  let best = 0
  for (const writeSize of PROBED_SIZES) {
    if (writeSize > radio.attMtu - 3) continue
    const time = new VirtualTime()
    let arrived = 0
    const sink = {
      write: async (bytes: Uint8Array) => {
        arrived += bytes.length
      },
      onData: () => () => {},
      onClose: () => () => {},
      close: async () => {},
    }
    const link = new RadioLink(time, radio, sink, seededRandom())
    const write = async () => {
      for (let left = size; left > 0; left -= writeSize) {
        await link.write(new Uint8Array(Math.min(left, writeSize)))
      }
      while (arrived < size) await new Promise<void>(resolve => time.after(1, resolve))
    }
    await time.until(write())
    best = Math.max(best, (size * 1000) / time.now())
  }
  return best
}

/** The same losses in each run. */
function seededRandom(): () => number {
  let state = 0x9e3779b9
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

const address: Address = `0x${'1a'.repeat(20)}`

/** Verified, with a body of so many bytes. */
export const uploadedFirmware = (bodySize: number): VerifiedFirmware => verified(imageOf(1, bodySize))

const imageOf = (minor: number, bodySize: number): Uint8Array =>
  buildDemoImage({
    kind: 'lock',
    hardware,
    version: { major: 1, minor, revision: 0, build: 0 },
    securityCounter: 1,
    signingKey,
    bodySize,
  })

function verified(bytes: Uint8Array): VerifiedFirmware {
  const parsed = parseImage(bytes)
  if (!parsed.ok || !parsed.value.keyHash) throw new Error('not an image')
  const { version, imageHash, keyHash, securityCounter } = parsed.value
  const manifest = {
    model: 'Fob Lock One',
    hardware,
    version,
    securityCounter: securityCounter ?? 0,
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    size: bytes.length,
    fileHash: toHex(imageDigest('sha256', bytes)),
    imageHash: toHex(imageHash),
    keyHash: toHex(keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  const outcome = verifyFirmware(bytes, manifest, { hardware, slotSize: null })
  if (!outcome.ok) throw new Error(outcome.error.kind)
  return outcome.value
}
