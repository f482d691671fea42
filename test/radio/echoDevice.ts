// The smallest SMP device: it answers `os echo` (Zephyr, "OS management", echo) and nothing else. For tests of links.
import { decodeCbor, encodeCbor } from '../../src/core/smp/cbor.ts'
import { encodeMessage, Reassembler, responseTo, SmpGroup } from '../../src/core/smp/message.ts'
import { type ByteTransport, LinkError, type LinkLoss } from '../../src/core/smp/transport.ts'
import type { CarriedDevice } from './smpPeripheral.ts'

const ECHO = 0
const MAX_PAYLOAD = 4096

export class EchoDevice implements CarriedDevice {
  /** While true it takes everything and answers nothing. */
  isSilent = false
  /** What it got over all links, write by write. */
  readonly received: Uint8Array[] = []

  connect(): ByteTransport {
    return new EchoLink(this)
  }
}

class EchoLink implements ByteTransport {
  readonly maxWrite = 512
  private readonly device: EchoDevice
  private readonly reassembler = new Reassembler(MAX_PAYLOAD)
  private readonly listeners = new Set<(bytes: Uint8Array) => void>()
  private readonly closeListeners = new Set<(loss: LinkLoss) => void>()
  private isClosed = false

  constructor(device: EchoDevice) {
    this.device = device
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.isClosed) throw new LinkError('closed', 'the echo device hung up')
    this.device.received.push(Uint8Array.from(bytes))
    const messages = this.reassembler.push(bytes)
    if (!messages.ok || this.device.isSilent) return
    for (const message of messages.value) {
      if (message.group !== SmpGroup.os || message.command !== ECHO) continue
      const body = decodeCbor(message.payload)
      const text = body.ok && typeof body.value === 'object' && body.value !== null ? fieldD(body.value) : ''
      const answer = encodeMessage(responseTo(message, encodeCbor({ r: text })))
      for (const listener of [...this.listeners]) listener(answer)
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    this.closeListeners.add(listener)
    return () => this.closeListeners.delete(listener)
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    for (const listener of [...this.closeListeners]) listener('closed')
  }
}

function fieldD(body: object): string {
  const value = 'd' in body ? body.d : ''
  return typeof value === 'string' ? value : ''
}
