// Noise for libp2p with the browser's own cipher: in JavaScript it takes more of a fetch's time than anything else.
import {
  type ConnectionEncrypter,
  type MessageStream,
  type SecureConnectionOptions,
  serviceCapabilities,
} from '@libp2p/interface'
import { type NoiseExtensions, noise, pureJsCrypto } from '@libp2p/noise'
import { type Bytes, concat } from '../../core/bytes.ts'
import { importOpener, OpenedStream } from './openedStream.ts'
import { StreamOver } from './streamOver.ts'

type NoiseFactory = ReturnType<typeof noise>

/**
 * As `noise()`, which does the handshake; what comes after it is opened by WebCrypto. Where that has no
 * ChaCha20-Poly1305 (Chromium has, other browsers not yet), it is `noise()`.
 */
export async function noiseForBrowsers(): Promise<NoiseFactory> {
  const isNative = await importOpener(new Uint8Array(32)).then(
    () => true,
    () => false,
  )
  return isNative ? nativeNoise : noise()
}

const nativeNoise: NoiseFactory = components => {
  async function secure(
    way: 'secureInbound' | 'secureOutbound',
    connection: MessageStream,
    options?: SecureConnectionOptions,
  ) {
    let split: readonly [Bytes, Bytes] | undefined
    const encrypter = noise({
      crypto: {
        ...pureJsCrypto,
        getHKDF(chainingKey, material) {
          const keys = pureJsCrypto.getHKDF(chainingKey, material)
          // Only Split derives keys from nothing (Noise, section 5.2).
          if (material.length === 0) split = [concat(keys[0]), concat(keys[1])]
          return keys
        },
      },
    })(components)
    const handshake = new HandshakeStream(connection)
    let rest: readonly Uint8Array[] = []
    try {
      const secured = await encrypter[way](handshake, options)
      rest = handshake.end()
      if (!split) throw new Error('a handshake that made no keys')
      // The first is that of what the initiator sends.
      const [initiator, responder] = split
      const keys =
        way === 'secureOutbound'
          ? { send: initiator, receive: responder }
          : { send: responder, receive: initiator }
      return { ...secured, connection: new OpenedStream(connection, keys, rest) }
    } finally {
      handshake.end()
    }
  }

  const encrypter: ConnectionEncrypter<NoiseExtensions> = {
    protocol: '/noise',
    secureInbound: (connection, options) => secure('secureInbound', connection, options),
    secureOutbound: (connection, options) => secure('secureOutbound', connection, options),
  }
  return Object.assign(encrypter, {
    [Symbol.toStringTag]: 'nativeNoise',
    // What libp2p looks for, as @libp2p/noise declares it.
    [serviceCapabilities]: ['@libp2p/connection-encryption', '@libp2p/noise'],
  })
}

/** A connection as the handshake sees it: what came beyond is kept for whoever goes on with the connection itself. */
class HandshakeStream extends StreamOver {
  readonly #rest: Uint8Array[] = []

  end(): readonly Uint8Array[] {
    this.letGo()
    return this.#rest
  }

  /** What the handshake has read and not used. */
  override unshift(data: Parameters<StreamOver['unshift']>[0]): void {
    this.#rest.unshift(data.subarray())
  }

  override sendData(data: Parameters<StreamOver['sendData']>[0]) {
    return { sentBytes: data.byteLength, canSendMore: this.under.send(data) }
  }

  protected override received(data: Uint8Array): void {
    this.onData(data)
  }

  protected override afterwards(task: () => void): void {
    task()
  }
}
