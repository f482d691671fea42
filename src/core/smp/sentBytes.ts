// Reads firmware to be sent and hashes it on the way out, so that no device gets the last byte of anything else.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual } from '../bytes.ts'
import type { FirmwarePart } from '../firmware/package.ts'
import type { VerifiedFirmware } from '../firmware/verified.ts'

export class SentBytes {
  private readonly firmware: VerifiedFirmware
  private readonly part: FirmwarePart
  private readonly hash = sha256.create()
  private hashed = 0
  /** Bytes of the part. */
  readonly size: number
  /** SHA-256 of the part, as it was verified. */
  readonly fileHash: Uint8Array

  constructor(firmware: VerifiedFirmware, part: FirmwarePart = 'file') {
    this.firmware = firmware
    this.part = part
    this.size = firmware.sizeOf(part) ?? 0
    this.fileHash = firmware.hashOf(part)
  }

  /** undefined instead of the end of the file, when the SHA-256 of all that came before it is not the verified one. */
  take(start: number, length: number): Bytes | undefined {
    const { firmware, part } = this
    const end = start + length
    const data = firmware.chunk(start, length, part)
    // What the device had kept of an earlier upload was not read in this one.
    if (this.hashed < start) this.hash.update(firmware.chunk(this.hashed, start - this.hashed, part))
    if (this.hashed < end) this.hash.update(data.subarray(Math.max(0, this.hashed - start)))
    this.hashed = Math.max(this.hashed, end)
    if (end < this.size) return data
    return bytesEqual(this.hash.clone().digest(), this.fileHash) ? data : undefined
  }
}
