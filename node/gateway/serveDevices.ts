// What a gateway answers: who is heard, and a byte pipe to one device. It looks into nothing that passes, and changes nothing.
import { timingSafeEqual } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import type { Libp2p } from 'libp2p'
import {
  decodeGatewayMessage,
  encodeGatewayMessage,
  GATEWAY_WINDOW,
  type GatewayMessage,
  type GatewayRefusal,
  gatewayProtocol,
  listable,
  MAX_CLIENT_MESSAGE,
  MAX_GATEWAY_DATA,
} from '../../src/core/gateway/message.ts'
import { type MessageStream, messageStream } from '../../src/core/p2p/messageStream.ts'
import { LinkError, type LinkLoss } from '../../src/core/smp/transport.ts'
import { systemTimer } from '../systemTimer.ts'
import type { Radio, RadioLink } from './radio.ts'

export interface GatewayService {
  readonly radio: Radio
  /** Without it nobody is answered. */
  readonly key: Uint8Array
  /** Devices that may be used, by their ids; all where left out. */
  readonly allowed?: ReadonlySet<string> | undefined
  readonly log: (line: string) => void
  /** Milliseconds for which a client may say nothing; default five minutes. */
  readonly idleMs?: number
}

/** Clients at a time: a board's radio holds few links. */
const MAX_CLIENTS = 16
const STREAMS_PER_PEER = 6
const SEND_MS = 15_000
const IDLE_MS = 5 * 60_000
/** For which a first question waits until something was heard, and how often it looks. */
const FIRST_HEARD_MS = 2_500
const LOOK_MS = 100
/** Messages to a client that does not read, before it is given up. */
const MAX_UNSENT = 512

const codec = { encode: encodeGatewayMessage, decode: decodeGatewayMessage }
const limits = { messageBytes: MAX_CLIENT_MESSAGE, queued: 2 * GATEWAY_WINDOW, sendMs: SEND_MS }

type Client = MessageStream<GatewayMessage>

/** Answers on `libp2p` until it stops. */
export async function serveDevices(libp2p: Libp2p, service: GatewayService): Promise<void> {
  const { radio, log, idleMs = IDLE_MS } = service
  const taken = new Set<string>()
  let clients = 0

  const isAllowed = (id: string) => service.allowed === undefined || service.allowed.has(id)
  const refuse = (client: Client, refusal: GatewayRefusal, detail = '') =>
    client.send({ kind: 'refused', refusal, detail })

  async function list(client: Client): Promise<void> {
    radio.listen()
    const heard = () => radio.heard().filter(({ id }) => isAllowed(id))
    for (let waited = 0; heard().length === 0 && waited < FIRST_HEARD_MS; waited += LOOK_MS)
      await pause(LOOK_MS)
    const devices = heard().map(device => ({ ...device, isTaken: taken.has(device.id) }))
    await client.send({ kind: 'devices', devices: listable(devices) })
  }

  async function open(client: Client, id: string): Promise<void> {
    if (!isAllowed(id)) return void (await refuse(client, 'unknownDevice'))
    if (taken.has(id)) return void (await refuse(client, 'busy', 'another client has this device'))
    taken.add(id)
    try {
      const opened = await radio.connect(id)
      if (!opened.ok) return void (await refuse(client, opened.error.kind, opened.error.detail))
      log(`${id}: connected`)
      await pipe(client, opened.value, idleMs)
      log(`${id}: let go of`)
    } finally {
      taken.delete(id)
    }
  }

  async function serve(client: Client): Promise<void> {
    for (;;) {
      const asked = await client.receive(idleMs)
      if (!asked.ok) return
      const message = asked.value
      if (message.kind !== 'list' && message.kind !== 'open') {
        return void (await refuse(client, 'malformed', `${message.kind} is not asked here`))
      }
      if (!isSame(message.key, service.key)) return void (await refuse(client, 'keyWrong'))
      if (!radio.isOn()) return void (await refuse(client, 'radioOff'))
      if (message.kind === 'open') return open(client, message.id)
      await list(client)
    }
  }

  const handle = (stream: Stream): void => {
    const client = messageStream(stream, codec, limits, systemTimer)
    if (clients >= MAX_CLIENTS) {
      void refuse(client, 'full').then(() => client.close())
      return
    }
    clients++
    void serve(client)
      .catch(error => log(`A client was given up: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => {
        clients--
        return client.close()
      })
  }
  // Through a relay a client may have little time and few bytes, which is enough to open a lock.
  await libp2p.handle(gatewayProtocol, handle, {
    maxInboundStreams: STREAMS_PER_PEER,
    runOnLimitedConnection: true,
  })
}

/** Until one of both sides ends; then the other one is let go of too. */
async function pipe(client: Client, { transport, batteryLevel }: RadioLink, idleMs: number): Promise<void> {
  let unsent = 0
  let sending: Promise<unknown> = Promise.resolve()
  const send = (message: GatewayMessage): void => {
    if (++unsent > MAX_UNSENT) client.abort('it does not read')
    sending = sending.then(() => client.send(message)).finally(() => unsent--)
  }
  const end = (loss: LinkLoss): void => {
    send({ kind: 'ended', ending: loss })
    void sending.then(() => client.close())
  }
  send({ kind: 'opened', writeSize: transport.maxWrite })
  const stopReading = transport.onData(bytes => {
    for (let at = 0; at < bytes.length; at += MAX_GATEWAY_DATA) {
      send({ kind: 'data', bytes: bytes.slice(at, at + MAX_GATEWAY_DATA) })
    }
  })
  const stopWatching = transport.onClose(end)
  try {
    for (;;) {
      const asked = await client.receive(idleMs)
      if (!asked.ok) return
      const message = asked.value
      if (message.kind === 'battery') {
        send({ kind: 'level', percent: await batteryLevel() })
      } else if (message.kind === 'data') {
        const { bytes } = message
        for (let at = 0; at < bytes.length; at += transport.maxWrite) {
          await transport.write(bytes.subarray(at, at + transport.maxWrite))
        }
        send({ kind: 'taken' })
      } else {
        return void send({
          kind: 'refused',
          refusal: 'malformed',
          detail: `${message.kind} in the midst of a link`,
        })
      }
    }
  } catch (error) {
    // A piece that the radio did not take leaves the device with half a message: only a new link helps.
    if (!(error instanceof LinkError)) throw error
    if (error.loss === 'refused' || error.loss === 'busy') end(error.loss)
  } finally {
    stopReading()
    stopWatching()
    await transport.close()
    await sending
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

const pause = (ms: number) =>
  new Promise<void>(resolve => {
    systemTimer.after(ms, resolve)
  })
