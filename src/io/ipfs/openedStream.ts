// What comes and goes over a connection after Noise's handshake, opened by the browser's own ChaCha20-Poly1305.
import type { MessageStream } from '@libp2p/interface'
import { pureJsCrypto } from '@libp2p/noise'
import { type Bytes, concat, unshared } from '../../core/bytes.ts'
import { Frames } from '../../core/p2p/frames.ts'
import { StreamOver } from './streamOver.ts'

/** Of the two directions, once a handshake is over (Noise, revision 34, section 5.2, Split). 32 bytes each. */
interface TransportKeys {
  readonly send: Bytes
  readonly receive: Bytes
}

const ALGORITHM = 'ChaCha20-Poly1305'
/** Noise, section 3: no message is longer. */
const MOST_BYTES = 65_535
const TAG_BYTES = 16
/** Below this the way to another thread and back takes longer than JavaScript does. */
const FEW_BYTES = 1_024
const NO_DATA = new Uint8Array(0)

/** Rejects where WebCrypto has no such cipher. */
export function importOpener(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw-secret', key, ALGORITHM, false, ['decrypt'])
}

declare global {
  interface SubtleCrypto {
    /** Modern Algorithms in the Web Cryptography API, section 26; not yet in TypeScript's library. */
    importKey(
      format: 'raw-secret',
      key: BufferSource,
      algorithm: typeof ALGORITHM,
      extractable: boolean,
      usages: KeyUsage[],
    ): Promise<CryptoKey>
  }
}

/** Messages of libp2p's Noise: two bytes of length, big-endian, what was sealed, a tag of 16 bytes. */
export class OpenedStream extends StreamOver {
  readonly #keys: TransportKeys
  readonly #opener: Promise<CryptoKey>
  readonly #messages = new Frames(MOST_BYTES, { headerBytes: 2, borrows: true })
  #sent = 0
  #opened = 0
  /** Messages that are being opened; each is passed on after the one before. */
  #underWay = 0
  #last: Promise<void> = Promise.resolve()

  /** `come`: what the other side has sent since the handshake. */
  constructor(under: MessageStream, keys: TransportKeys, come: readonly Uint8Array[]) {
    super(under)
    this.#keys = keys
    this.#opener = importOpener(keys.receive)
    // Whoever needs it hears of it.
    this.#opener.catch(() => undefined)
    for (const piece of come) this.received(piece)
  }

  override sendData(data: { readonly byteLength: number; subarray(from: number, to: number): Uint8Array }) {
    const parts: Uint8Array[] = []
    const step = MOST_BYTES - TAG_BYTES
    for (let at = 0; at < data.byteLength; at += step) {
      const plain = data.subarray(at, Math.min(at + step, data.byteLength))
      const sealed = pureJsCrypto
        .chaCha20Poly1305Encrypt(plain, nonce(this.#sent++), NO_DATA, this.#keys.send)
        .subarray()
      parts.push(Uint8Array.of(sealed.length >> 8, sealed.length & 255), sealed)
    }
    return { sentBytes: data.byteLength, canSendMore: this.under.send(concat(...parts)) }
  }

  protected override received(piece: Uint8Array): void {
    const messages = this.#messages.push(piece)
    if (messages.ok) for (const sealed of messages.value) this.#open(unshared(sealed))
    else this.abort(new Error(messages.error.detail))
  }

  #open(sealed: Bytes): void {
    const iv = nonce(this.#opened++)
    if (sealed.length > FEW_BYTES) {
      this.#passOn(this.#opener.then(key => crypto.subtle.decrypt({ name: ALGORITHM, iv }, key, sealed)))
      return
    }
    try {
      const plain = pureJsCrypto.chaCha20Poly1305Decrypt(sealed, iv, NO_DATA, this.#keys.receive).subarray()
      if (this.#underWay === 0) this.onData(plain)
      else this.#passOn(Promise.resolve(plain))
    } catch (error) {
      this.#passOn(Promise.reject(error))
    }
  }

  #passOn(opening: Promise<ArrayBuffer | Uint8Array>): void {
    this.#underWay++
    // It may fail before it is looked at.
    opening.catch(() => undefined)
    this.#last = this.#last
      .then(async () => this.onData(new Uint8Array(await opening)))
      // Somebody changed it on its way, or it was not sealed for us: nothing after it can be believed.
      .catch((error: unknown) => this.abort(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        this.#underWay--
      })
  }

  protected override afterwards(task: () => void): void {
    if (this.#underWay === 0) task()
    else void this.#last.then(task)
  }
}

/** Four zero bytes and the number of the message, little-endian (Noise, section 12.3). */
function nonce(count: number): Bytes {
  const bytes = new Uint8Array(12)
  new DataView(bytes.buffer).setBigUint64(4, BigInt(count), true)
  return bytes
}
