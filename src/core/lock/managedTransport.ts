// The link inside a session: whole SMP messages, sealed, each in one command of Fob's group. A client runs over it unchanged.
import type { Bytes } from '../bytes.ts'
import { readBytes } from '../smp/cbor.ts'
import { ERASE_TIMEOUT_MS, type SmpClient, type SmpFailure } from '../smp/client.ts'
import { type DeviceError, FobError, MgmtError } from '../smp/errors.ts'
import { FobCommand } from '../smp/fob.ts'
import { LinkListeners } from '../smp/linkListeners.ts'
import { encodeMessage, Reassembler, SMP_HEADER_LENGTH, SmpGroup } from '../smp/message.ts'
import { type ByteTransport, LinkError, type LinkLoss } from '../smp/transport.ts'
import { MAX_COUNTER, type SessionKeys, seal, TAG_LENGTH, unseal } from './sessionCipher.ts'

/** By which a message inside must be shorter than outside: SMP's header, `{c: counter, d: sealed}`, GCM's tag. */
export const MANAGED_OVERHEAD = SMP_HEADER_LENGTH + 1 + (2 + 5) + (2 + 3) + TAG_LENGTH

/** Outlasts every time-out of the client inside, which is the one that decides. */
const PATIENCE_MS = 2 * ERASE_TIMEOUT_MS

/**
 * Over `client`, which is connected to the device and may be used beside it for what is open to everybody. Why everything
 * is sealed: a link without encryption of its own can be taken over after the Open, and a signature at the door would
 * then let anybody's reset in. Each message has its counter, which the device takes in growing order alone: what is
 * injected, repeated, changed or put into another order is refused.
 *
 * It closes with the link, or with `refused` when the device says that the session has ended. `close` ends only the
 * transport: the device's session ends with the link, or by itself.
 */
export class ManagedTransport implements ByteTransport {
  readonly maxWrite: number
  private readonly client: SmpClient
  private readonly keys: SessionKeys
  private readonly reassembler: Reassembler
  private readonly listeners = new LinkListeners()
  private counter = 0
  /** Responses that nobody without the session's key has made right. */
  forgedResponses = 0

  /** `bufSize`: the device's, as it told outside of the session (`SmpParams.bufSize`). */
  constructor(client: SmpClient, keys: SessionKeys, { bufSize }: { readonly bufSize: number }) {
    this.client = client
    this.keys = keys
    this.maxWrite = bufSize - MANAGED_OVERHEAD
    this.reassembler = new Reassembler(Math.max(0, this.maxWrite - SMP_HEADER_LENGTH))
    client.onEnd(failure => this.fail(failure))
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { loss } = this.listeners
    if (loss !== undefined) throw new LinkError(loss, 'the session has ended')
    const pushed = this.reassembler.push(bytes)
    if (!pushed.ok) throw new LinkError('refused', pushed.error.detail)
    for (const message of pushed.value) await this.send(encodeMessage(message))
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.listeners.onData(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    return this.listeners.onClose(listener)
  }

  async close(): Promise<void> {
    this.end('closed')
  }

  /** Resolves when the link has taken the message; its response comes to the listeners. */
  private send(message: Bytes): Promise<void> {
    if (this.counter === MAX_COUNTER) throw new LinkError('refused', 'the session has used up its counters')
    const counter = ++this.counter
    const d = seal(this.keys.toDevice, 'managed', counter, message)
    return new Promise((resolve, reject) => {
      const reply = this.client.request({
        op: 'write',
        group: SmpGroup.fob,
        command: FobCommand.managed,
        body: { c: counter, d },
        timeoutMs: PATIENCE_MS,
        onWritten: resolve,
      })
      void reply.then(result => {
        if (result.ok) this.deliver(counter, readBytes(result.value, 'd'))
        else {
          this.fail(result.error)
          reject(new LinkError(result.error.kind === 'linkLost' ? result.error.loss : 'refused', 'not sent'))
        }
      })
    })
  }

  private deliver(counter: number, sealed: Bytes | undefined): void {
    if (this.listeners.loss !== undefined) return
    const message = sealed && unseal(this.keys.toPhone, 'managed', counter, sealed)
    // The client inside waits on, and learns by its time-out that the answer did not come.
    if (!message) this.forgedResponses++
    else this.listeners.deliver(message)
  }

  private fail(failure: SmpFailure): void {
    if (failure.kind === 'linkLost') this.end(failure.loss)
    else if (failure.kind === 'cancelled') this.end('closed')
    else if (failure.kind === 'deviceError' && isSessionOver(failure)) this.end('refused')
  }

  private end(loss: LinkLoss): void {
    this.listeners.end(loss)
  }
}

/** Devices of SMP version 1 have no codes of their own: to this command, access is denied for want of a session alone. */
function isSessionOver({ group, rc }: DeviceError): boolean {
  if (group === null) return rc === MgmtError.EACCESSDENIED
  return group === SmpGroup.fob && rc === FobError.NO_SESSION
}
