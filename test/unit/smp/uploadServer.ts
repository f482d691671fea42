// The device's half of an upload, after Zephyr's img_mgmt_upload_inspect and img_mgmt_upload; outlives its links.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesEqual } from '../../../src/core/bytes.ts'
import { type CborMap, readBytes, readUint } from '../../../src/core/smp/cbor.ts'
import type { ReceivedRequest } from './scriptedLink.ts'

export interface UploadServerOptions {
  readonly bufSize?: number
  readonly bufCount?: number
  /** Whether the last answer says `match` (CONFIG_IMG_ENABLE_IMAGE_CHECK). */
  readonly checks?: boolean
  /** What image state lists once the upload is complete. */
  readonly imageHash?: Uint8Array
}

export class UploadServer {
  /** What is in the slot, once complete. */
  slot: Uint8Array | undefined
  offset = 0
  readonly chunks: { readonly offset: number; readonly length: number; readonly keys: string[] }[] = []
  private readonly options: UploadServerOptions
  private sha: Uint8Array | undefined
  private stored = new Uint8Array()

  constructor(options: UploadServerOptions = {}) {
    this.options = options
  }

  /** Bytes that were stored from `offset` on, or all of them. */
  get storedBytes(): Uint8Array {
    return this.slot ?? this.stored.slice(0, this.offset)
  }

  /** As after a reboot: what was stored of an unfinished upload is no use any more. */
  forget(): void {
    this.sha = undefined
    this.offset = 0
    this.stored = new Uint8Array()
  }

  readonly answer = ({ message, body }: ReceivedRequest): CborMap => {
    const { bufSize, bufCount = 4, imageHash } = this.options
    const command = `${message.group}/${message.command}`
    if (bufSize !== undefined && 8 + message.payload.length > bufSize) return { rc: 7 }
    if (command === '0/6')
      return bufSize === undefined ? { rc: 8 } : { buf_size: bufSize, buf_count: bufCount }
    if (command === '1/0') {
      const running = { slot: 0, version: '1.0.0', hash: new Uint8Array(32), active: true }
      const other = this.slot && imageHash ? [{ slot: 1, version: '1.1.0', hash: imageHash }] : []
      return { images: [running, ...other] }
    }
    return command === '1/1' ? this.upload(body) : { rc: 8 }
  }

  private upload(body: CborMap): CborMap {
    const offset = readUint(body, 'off')
    const data = readBytes(body, 'data')
    if (offset === undefined || !data) return { rc: 3 }
    this.chunks.push({ offset, length: data.length, keys: Object.keys(body).sort() })
    if (offset === 0) {
      const size = readUint(body, 'len')
      const sha = readBytes(body, 'sha')
      if (data.length < 32) return { err: { group: 1, rc: 22 } }
      if (size === undefined || !sha) return { err: { group: 1, rc: 21 } }
      if (this.sha && bytesEqual(this.sha, sha)) return { off: this.offset }
      this.sha = sha
      this.offset = 0
      this.slot = undefined
      this.stored = new Uint8Array(size)
    } else if (offset !== this.offset) {
      return { off: this.offset }
    }
    if (offset + data.length > this.stored.length) return { err: { group: 1, rc: 31 } }
    this.stored.set(data, offset)
    this.offset = offset + data.length
    return this.offset === this.stored.length ? this.complete() : { off: this.offset }
  }

  private complete(): CborMap {
    const match = this.sha !== undefined && bytesEqual(sha256(this.stored), this.sha)
    const off = this.offset
    this.slot = this.stored
    this.sha = undefined
    this.offset = 0
    return this.options.checks ? { off, match } : { off }
  }
}
