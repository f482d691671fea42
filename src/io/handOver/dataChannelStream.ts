// A WebRTC data channel as a stream of bytes: in pieces that every browser takes, and no faster than the other side reads.
import type { RawStream } from '../../core/p2p/messageStream.ts'

/** Bytes: small pieces of one message hold up none of another (RFC 8831 section 6.6). */
const PIECE = 16_384
/** Bytes that wait in the browser to be sent: above the first the sender waits, until it is down to the second. */
const FULL = 1 << 20
const LOW = 1 << 18

export function dataChannelStream(channel: RTCDataChannel): RawStream {
  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = LOW
  return {
    send(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE)
        channel.send(Uint8Array.from(bytes.subarray(at, at + PIECE)))
    },
    get writableNeedsDrain() {
      return channel.readyState === 'open' && channel.bufferedAmount > FULL
    },
    async close() {
      // What was sent and has not left yet would be lost.
      while (channel.readyState === 'open' && channel.bufferedAmount > 0)
        await new Promise(resolve => setTimeout(resolve, 50))
      channel.close()
    },
    closeRead: async () => undefined,
    abort: () => channel.close(),
    addEventListener(type: string, listener: (event: { readonly data: Uint8Array }) => void) {
      if (type === 'message') {
        channel.addEventListener('message', ({ data }) => {
          if (data instanceof ArrayBuffer) listener({ data: new Uint8Array(data) })
        })
      } else {
        const name = type === 'drain' ? 'bufferedamountlow' : 'close'
        channel.addEventListener(name, () => listener({ data: new Uint8Array() }))
      }
    },
  }
}
