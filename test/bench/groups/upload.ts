// Sending firmware, against the same image with one request at a time: what the window and the long messages bring.
import { createDemoDevice } from '../../../device/demo.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { type Address, toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { imageDigest, parseImage } from '../../../src/core/mcuboot/image.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import type { ByteTransport, Timer } from '../../../src/core/smp/transport.ts'
import { type UploadOptions, uploadImage } from '../../../src/core/smp/upload.ts'
import { VirtualTime } from '../../unit/smp/virtualTime.ts'
import type { Group, Row } from '../row.ts'

interface Air {
  /** Bytes of a write. */
  readonly maxWrite: number
  /** Milliseconds until a write was taken. */
  readonly writeMs: number
  /** Milliseconds from the last byte of a request to its answer: the next connection event, and the flash. */
  readonly answerMs: number
}

// Several packets fit into a connection event, but an answer has to wait for the next one: a phone's usual interval is
// 30 ms with 4 to 6 packets of 251 bytes, and 15 ms is the shortest that iOS and most Android phones grant.
const airs: readonly (readonly [string, Air])[] = [
  ['writes of 244 bytes, 30 ms interval', { maxWrite: 244, writeMs: 7, answerMs: 30 }],
  ['writes of 244 bytes, 15 ms interval', { maxWrite: 244, writeMs: 4, answerMs: 15 }],
  ['writes of 495 bytes, 30 ms interval', { maxWrite: 495, writeMs: 9, answerMs: 30 }],
  ['writes of 20 bytes, 30 ms interval', { maxWrite: 20, writeMs: 5, answerMs: 30 }],
]
const signingKey = new Uint8Array(32).fill(5)
const hardware = 'rev B'

export const group: Group = {
  name: 'Upload of 256 KiB to the reference device (time of the modelled link alone)',
  async run() {
    const firmware = verified(imageOf(1))
    const rows: Row[] = []
    for (const [name, air] of airs) {
      // Without parameters the client takes the device for one that can hold a single write.
      const oneByOne = await secondsFor(firmware, air, { params: null, window: 1 })
      rows.push({
        name,
        value: await secondsFor(firmware, air, {}),
        unit: 's',
        reference: { name: `one request of ${shortest(air)} bytes at a time`, value: oneByOne },
        better: 'lower',
        // Virtual time: the same comes out every time.
        runs: 1,
      })
    }
    return rows
  },
}

/** Bytes of a message that is one write, or as much more as the first packet of an upload needs. */
const shortest = ({ maxWrite }: Air): number => Math.max(maxWrite, 128)

async function secondsFor(firmware: VerifiedFirmware, air: Air, options: UploadOptions): Promise<number> {
  const time = new VirtualTime()
  const { device } = createDemoDevice({
    kind: 'lock',
    maker: address,
    registry: address,
    chainId: 31_337,
    trustedKeys: [signerPublicKey({ kind: 'ecdsaP256', secretKey: signingKey })],
    key: new Uint8Array(32).fill(9),
    timer: time,
    storage: { factoryImage: imageOf(0) },
    options: { maxWrite: air.maxWrite, writeMs: air.writeMs, requestMs: 0, eraseMs: 0 },
  })
  const client = new SmpClient(delayed(await device.connect(), time, air.answerMs), { timer: time })
  const begun = time.now()
  const sent = await time.until(uploadImage(client, firmware, options))
  if (!sent.ok) throw new Error(`the upload failed: ${sent.error.kind}`)
  const { rewinds, bytesSent, deviceChecked } = sent.value
  if (rewinds !== 0 || bytesSent !== firmware.size || !deviceChecked) {
    throw new Error(`not a clean upload: ${JSON.stringify(sent.value)}`)
  }
  const seconds = (time.now() - begun) / 1000
  client.dispose()
  device.dispose()
  return seconds
}

/** What the device sends arrives later; what is sent to it is as before. */
function delayed(transport: ByteTransport, timer: Timer, ms: number): ByteTransport {
  return {
    maxWrite: transport.maxWrite,
    write: bytes => transport.write(bytes),
    onData: listener => transport.onData(bytes => void timer.after(ms, () => listener(bytes))),
    onClose: listener => transport.onClose(listener),
    close: () => transport.close(),
  }
}

const address: Address = `0x${'1a'.repeat(20)}`

const imageOf = (minor: number): Uint8Array =>
  buildDemoImage({
    kind: 'lock',
    hardware,
    version: { major: 1, minor, revision: 0, build: 0 },
    securityCounter: 1,
    signingKey,
    bodySize: 262_144,
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
