// D-Bus as this project speaks it: calls out, answers to calls that come in, and signals (D-Bus specification, "Message Protocol").
import { Message, type MessageBus, sessionBus, systemBus } from 'dbus-next'

/** Answers a method call with a D-Bus error of this name. */
export class BusError extends Error {
  override readonly name = 'BusError'
  readonly errorName: string
  constructor(errorName: string, message: string) {
    super(message)
    this.errorName = errorName
  }
}

export const bluezError = (name: string, message = name) => new BusError(`org.bluez.Error.${name}`, message)
export const failed = (message: string) => new BusError('org.bluez.Error.Failed', message)
export const unknownMethod = (call: Message) =>
  new BusError('org.freedesktop.DBus.Error.UnknownMethod', `${call.interface}.${call.member}`)

/** Milliseconds until the daemon must have answered. */
const CONNECT_MS = 10_000

/**
 * Connects to the bus at `address`, or to this machine's system bus (`DBUS_SYSTEM_BUS_ADDRESS` where that is set). Rejects
 * where no daemon answers.
 */
export async function connectToBus(address?: string): Promise<MessageBus> {
  const bus = address === undefined ? systemBus() : sessionBus({ busAddress: address })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the message bus does not answer')), CONNECT_MS)
    bus.once('connect', () => {
      clearTimeout(late)
      resolve()
    })
    bus.once('error', (error: Error) => {
      clearTimeout(late)
      reject(error)
    })
  })
  return bus
}

export interface Call {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  /** Of the arguments, as in `oa{sv}`. */
  readonly signature?: string
  readonly body?: readonly unknown[]
}

/** The values that came back. Rejects with BusError where the answer is an error. */
export async function call(
  bus: MessageBus,
  { signature = '', body = [], ...target }: Call,
): Promise<unknown[]> {
  try {
    const answer = await bus.call(new Message({ ...target, signature, body: [...body] }))
    return answer?.body ?? []
  } catch (error) {
    const type: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'type') : undefined
    const said: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'text') : undefined
    if (typeof type !== 'string') throw error
    throw new BusError(type, typeof said === 'string' ? said : type)
  }
}

/** Has the daemon send the signals that `rule` describes from now on (D-Bus specification, "Match Rules"). */
export async function listenFor(bus: MessageBus, rule: string): Promise<void> {
  await call(bus, {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'AddMatch',
    signature: 's',
    body: [rule],
  })
}

/** Answers `call`; does nothing where the caller wants no reply. */
export function reply(bus: MessageBus, call: Message, signature = '', body: readonly unknown[] = []): void {
  const NO_REPLY_EXPECTED = 1
  if ((call.flags & NO_REPLY_EXPECTED) === 0) bus.send(Message.newMethodReturn(call, signature, [...body]))
}

export function replyError(bus: MessageBus, call: Message, error: unknown): void {
  const errorName = error instanceof BusError ? error.errorName : 'org.bluez.Error.Failed'
  const text = error instanceof Error ? error.message : String(error)
  // The library's types ask for a string where its code takes the call itself.
  bus.send(Message.newError(call as unknown as string, errorName, text))
}

export function emitSignal(
  bus: MessageBus,
  path: string,
  face: string,
  member: string,
  signature: string,
  body: readonly unknown[],
): void {
  bus.send(Message.newSignal(path, face, member, signature, [...body]))
}
