// The DevicePort through gateways: what they hear, and a link to one of their devices.
import type { ConnectFailure, DeviceConnection, GatewayFailure } from '../../app/ports/device.ts'
import type { GatewayPort, HeardDevice, KnownGateway } from '../../app/ports/ways.ts'
import { fromHex } from '../../core/bytes.ts'
import {
  decodeGatewayMessage,
  encodeGatewayMessage,
  GATEWAY_WINDOW,
  type GatewayMessage,
  type GatewayRefusal,
  MAX_GATEWAY_MESSAGE,
} from '../../core/gateway/message.ts'
import { type MessageStream, messageStream, type RawStream } from '../../core/p2p/messageStream.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { GatewayTransport } from './gatewayTransport.ts'

export interface GatewayDevicesOptions {
  readonly known: () => readonly KnownGateway[]
  /** A new stream to a gateway. Rejects where it can't be reached. */
  readonly open: (addresses: readonly string[]) => Promise<RawStream>
  readonly timer: Timer
}

const LIST_MS = 8_000
/** The gateway itself may look for the device for twenty seconds, and connects for as long. */
const OPEN_MS = 60_000
/** Everything that a device has to say while nobody reads: the longest SMP message in the smallest pieces, several times. */
const QUEUED = 16_384

const codec = { encode: encodeGatewayMessage, decode: decodeGatewayMessage }
const limits = { messageBytes: MAX_GATEWAY_MESSAGE, queued: QUEUED + GATEWAY_WINDOW, sendMs: 15_000 }

export function createGatewayDevices({ known, open, timer }: GatewayDevicesOptions): GatewayPort {
  async function ask(
    gateway: KnownGateway,
    question: (key: Uint8Array) => GatewayMessage,
    ms: number,
  ): Promise<Result<{ stream: MessageStream<GatewayMessage>; answer: GatewayMessage }, GatewayFailure>> {
    let raw: RawStream
    try {
      raw = await open(gateway.addresses)
    } catch (error) {
      return fail({
        kind: 'gatewayUnreachable',
        detail: error instanceof Error ? error.message : String(error),
      })
    }
    const stream = messageStream(raw, codec, limits, timer)
    const sent = await stream.send(question(fromHex(`0x${gateway.key}`) ?? new Uint8Array()))
    const answer = sent.ok ? await stream.receive(ms) : sent
    if (answer.ok) return ok({ stream, answer: answer.value })
    return fail({ kind: 'gatewayUnreachable', detail: `${answer.error.kind} ${answer.error.detail ?? ''}` })
  }

  return {
    source: 'gateway',
    radioState: async () => 'ready',
    // Devices are chosen from the gateway's list, in the app itself.
    choose: async () => fail({ kind: 'chooserCancelled' }),
    known: async () => [],
    forget: async () => undefined,
    idOf: ({ peerId }, device) => `${peerId}/${device}`,

    async list(gateway): Promise<Result<readonly HeardDevice[], GatewayFailure>> {
      const asked = await ask(gateway, key => ({ kind: 'list', key }), LIST_MS)
      if (!asked.ok) return asked
      const { stream, answer } = asked.value
      void stream.close()
      if (answer.kind === 'devices') return ok(answer.devices)
      if (answer.kind !== 'refused')
        return fail({ kind: 'gatewayUnreachable', detail: `${answer.kind} to a list` })
      return fail(gatewayFailure(answer.refusal) ?? { kind: 'gatewayUnreachable', detail: answer.refusal })
    },

    async connect(id): Promise<Result<DeviceConnection, ConnectFailure>> {
      const gateway = known().find(({ peerId }) => id.startsWith(`${peerId}/`))
      if (!gateway) return fail({ kind: 'gatewayUnreachable', detail: 'it is not in the list any more' })
      const device = id.slice(gateway.peerId.length + 1)
      const asked = await ask(gateway, key => ({ kind: 'open', key, id: device }), OPEN_MS)
      if (!asked.ok) return asked
      const { stream, answer } = asked.value
      if (answer.kind === 'opened') {
        const transport = new GatewayTransport(stream)
        return ok({ transport, batteryLevel: () => transport.batteryLevel() })
      }
      void stream.close()
      return fail(
        answer.kind === 'refused'
          ? connectFailure(answer.refusal, answer.detail)
          : { kind: 'gatewayUnreachable', detail: `${answer.kind} to an opening` },
      )
    },
  }
}

/** undefined for what is about one device. */
function gatewayFailure(refusal: GatewayRefusal): GatewayFailure | undefined {
  switch (refusal) {
    case 'keyWrong':
      return { kind: 'gatewayKeyWrong' }
    case 'radioOff':
      return { kind: 'gatewayRadioOff' }
    case 'full':
      return { kind: 'gatewayFull' }
    case 'malformed':
      return { kind: 'gatewayUnreachable', detail: 'it speaks another version' }
    default:
      return undefined
  }
}

function connectFailure(refusal: GatewayRefusal, detail: string): ConnectFailure {
  switch (refusal) {
    case 'busy':
      return { kind: 'deviceTaken' }
    case 'notSmp':
    case 'pairingRequired':
      return { kind: refusal, detail }
    default:
      return gatewayFailure(refusal) ?? { kind: 'outOfReach', detail: `${refusal} ${detail}`.trim() }
  }
}
