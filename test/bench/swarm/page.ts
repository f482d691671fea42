// One browser of the swarm bench: holds files, fetches them as the app does, and moves raw bytes to compare with.
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { RAW } from '../../../src/core/ipfs/block.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { openBrowserBlocks } from '../../../src/io/ipfs/browserBlocks.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'
import { createPlatform } from '../../../src/io/platform.ts'

export interface Fetched {
  /** Milliseconds from the request. */
  readonly firstBlock: number
  readonly whole: number
}

/** As much as one message of libp2p's WebRTC carries. */
const MESSAGE_BYTES = 16 * 1024
const MOST_BUFFERED = 1 << 20
const CIPHER = 'ChaCha20-Poly1305'

let channel: RTCDataChannel | undefined
let connection: RTCPeerConnection | undefined
let received = { bytes: 0, begun: 0, onMore: () => {} }

function newPeer(peers: readonly string[]) {
  const store = openBrowserBlocks()
  const platform = createPlatform()
  const source = createFirmwareSource({
    network: () => ({ peers, gateways: [] }),
    platform: { ...platform, storageEstimate: async () => null },
    openBlocks: () => store,
    startNode: (blockstore, onServed) =>
      startNode({
        blockstore,
        webRtc: true,
        timer: platform.timer,
        onOnlineChange: platform.onOnlineChange,
        onServed,
      }),
  })
  return { store, source }
}

let holder: ReturnType<typeof newPeer> | undefined

async function fetchFile(peers: readonly string[], cid: string, size: number): Promise<Fetched> {
  const { source } = newPeer(peers)
  const begun = performance.now()
  let firstBlock = 0
  const fetched = await source.fetch(
    { cid, size, peers: [] },
    {
      signal: AbortSignal.timeout(60_000),
      onProgress: ({ received }) => {
        if (firstBlock === 0 && received > 0) firstBlock = performance.now() - begun
      },
    },
  )
  const whole = performance.now() - begun
  await source.stop()
  await source.clear([])
  if (!fetched.ok) throw new Error(JSON.stringify(fetched.error))
  return { firstBlock, whole }
}

function receive(url: string, length: number, take: (data: ArrayBuffer) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    let left = length
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    socket.onerror = () => reject(new Error('WebSocket'))
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      left -= data.byteLength
      take(data)
      if (left > 0) return
      socket.close()
      resolve(performance.now() - begun)
    }
  })
}

async function gathered(): Promise<string> {
  const made = connection
  if (made && made.iceGatheringState !== 'complete') {
    await new Promise<void>(resolve =>
      made.addEventListener('icegatheringstatechange', () => {
        if (made.iceGatheringState === 'complete') resolve()
      }),
    )
  }
  return JSON.stringify(made?.localDescription)
}

const api = {
  /** Holds the file and serves it; resolves when a relay knows. */
  async hold(peers: readonly string[], length: number): Promise<string> {
    holder ??= newPeer(peers)
    const { root, blocks } = layOutFile(bytesOf(length))
    const store = await holder.store
    for (const { cid, bytes } of blocks) await store.put(cid, bytes)
    held.push(root.toString())
    await holder.source.serve(held)
    return root.toString()
  },
  fetchFile,

  /** Milliseconds until so many bytes came over a plain WebSocket; the server sends them at once. */
  receiveWebSocket: (url: string, length: number): Promise<number> => receive(url, length, () => undefined),

  /** The same, and each message of 64 KiB through the cipher of libp2p, through SHA-256 and into the block store. */
  async receiveAndKeep(url: string, length: number): Promise<number> {
    const store = await openBrowserBlocks()
    const cipher = await crypto.subtle.importKey('raw-secret', new Uint8Array(32), CIPHER, false, ['encrypt'])
    const kept: Promise<CID>[] = []
    const keep = async (data: ArrayBuffer, number: number): Promise<CID> => {
      const iv = new Uint8Array(12)
      new DataView(iv.buffer).setUint32(0, number)
      // As much work as to open it.
      await crypto.subtle.encrypt({ name: CIPHER, iv }, cipher, data)
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
      new DataView(hash.buffer).setUint32(0, number)
      const cid = CID.createV1(RAW, createDigest(0x12, hash))
      await store.put(cid, new Uint8Array(data))
      return cid
    }
    const begun = performance.now()
    await receive(url, length, data => void kept.push(keep(data, kept.length)))
    const cids = await Promise.all(kept)
    const whole = performance.now() - begun
    await Promise.all(cids.map(async cid => store.delete(cid)))
    return whole
  },

  async offer(): Promise<string> {
    connection?.close()
    connection = new RTCPeerConnection({ iceServers: [] })
    channel = connection.createDataChannel('raw')
    await connection.setLocalDescription(await connection.createOffer())
    return gathered()
  },
  async answer(offer: string): Promise<string> {
    connection?.close()
    connection = new RTCPeerConnection({ iceServers: [] })
    received = { bytes: 0, begun: 0, onMore: () => {} }
    connection.ondatachannel = event => {
      event.channel.binaryType = 'arraybuffer'
      event.channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        received.begun ||= performance.now()
        received.bytes += data.byteLength
        received.onMore()
      }
    }
    await connection.setRemoteDescription(JSON.parse(offer))
    await connection.setLocalDescription(await connection.createAnswer())
    return gathered()
  },
  async accept(answer: string): Promise<void> {
    await connection?.setRemoteDescription(JSON.parse(answer))
    const made = channel
    if (made && made.readyState !== 'open') await new Promise(resolve => (made.onopen = resolve))
  },
  async sendRaw(length: number): Promise<void> {
    const made = channel
    if (!made) throw new Error('no channel')
    made.bufferedAmountLowThreshold = MOST_BUFFERED / 2
    const part = new Uint8Array(MESSAGE_BYTES)
    for (let sent = 0; sent < length; sent += part.length) {
      if (made.bufferedAmount > MOST_BUFFERED)
        await new Promise<void>(resolve =>
          made.addEventListener('bufferedamountlow', () => resolve(), { once: true }),
        )
      made.send(part)
    }
  },
  /** Milliseconds from the first message to the last. */
  receiveRaw: (length: number): Promise<number> =>
    new Promise(resolve => {
      received.onMore = () => {
        if (received.bytes >= length) resolve(performance.now() - received.begun)
      }
      received.onMore()
    }),
}

const held: string[] = []

/** Does not shrink, and is the same in each browser. */
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let i = 0, x = length; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[i] = x >>> 16
  }
  return bytes
}

export type SwarmPage = typeof api
Object.assign(window, { swarm: api })
