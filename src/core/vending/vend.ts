// Asking a machine for what was ordered, until it has signed what came of it. Whatever is lost on the way can be asked again.
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readUint } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { pause } from '../timeLimit.ts'
import { explainVend, type VendFailure } from './failures.ts'
import { isSameOrder, orderIdBody, type VendOrder, vendOrderBody } from './vendOrder.ts'
import {
  isReceipt,
  isRecordSignedBy,
  parseVendRecord,
  type VendReceipt,
  type VendRecord,
} from './vendRecord.ts'
import type { VendSession } from './vendSession.ts'

export interface VendPatience extends CallOptions {
  /** Milliseconds between two looks; default 250. */
  readonly pollMs?: number
  /** Milliseconds until it gives up looking, not the machine its work; default 60,000. */
  readonly patienceMs?: number
}

const POLL_MS = 250
const PATIENCE_MS = 60_000

/** Which device, to a reader outside of a session; a VendSession fits. */
export interface ReceiptSource {
  readonly client: SmpClient
  readonly devicePublicKey: Uint8Array
}

/**
 * Has the order given out, and resolves with its receipt, whichever way it ended. After a lost link (`linkLost`,
 * `timeout`), or after `vendUnfinished`, the same order again resolves with what came of it: nothing is given out twice.
 * A refusal (see VendRefusal) has given out nothing, and leaves the order as it is.
 */
export async function vend(
  session: VendSession,
  order: VendOrder,
  patience: VendPatience = {},
): Promise<Result<VendReceipt, VendFailure>> {
  const { pollMs = POLL_MS, patienceMs = PATIENCE_MS, ...options } = patience
  const end = session.timer.now() + patienceMs
  for (let known = await startVend(session, order, options); ; ) {
    if (!known.ok) return known
    if (isReceipt(known.value)) return ok(known.value)
    if (session.timer.now() >= end) return fail({ kind: 'vendUnfinished' })
    await pause(session.timer, pollMs)
    known = await readVend(session, order.orderId, options)
  }
}

/** Resolves as soon as the machine has written the order down and its motor turns; or with what came of it before. */
export async function startVend(
  session: VendSession,
  order: VendOrder,
  options: CallOptions = {},
): Promise<Result<VendRecord, VendFailure>> {
  return ofOrder(order, await ask(session, 'write', FobCommand.vend, vendOrderBody(order), options))
}

/**
 * Ends an order that the machine has not begun, or that it never will: with a receipt that it failed, so that the buyer is
 * refunded at once. What is metered and runs is stopped, and ends with what was given out. Of one that has ended, the
 * receipt that it has.
 */
export async function cancelVend(
  session: VendSession,
  order: VendOrder,
  options: CallOptions = {},
): Promise<Result<VendReceipt, VendFailure>> {
  const ended = ofOrder(
    order,
    await ask(session, 'write', FobCommand.cancelVend, vendOrderBody(order), options),
  )
  if (!ended.ok) return ended
  return isReceipt(ended.value) ? ok(ended.value) : fail({ kind: 'vendRunning' })
}

/**
 * What became of an order, for anybody who knows its id, in a session or outside. Signed is only what has ended; that an
 * order is still running, or why it failed, is certain in a session alone.
 */
export async function readVend(
  source: ReceiptSource,
  orderId: bigint,
  options: CallOptions = {},
): Promise<Result<VendRecord, VendFailure>> {
  const answer = await ask(source, 'read', FobCommand.vend, orderIdBody(orderId), options)
  if (answer.ok && answer.value.orderId !== orderId) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'record of another order' })
  }
  return answer
}

/** Receipts that nobody has acknowledged, the oldest first: also those of orders that were asked for by somebody else. */
export async function pendingReceipts(
  session: VendSession,
  options: CallOptions = {},
): Promise<Result<readonly VendReceipt[], VendFailure>> {
  const receipts: VendReceipt[] = []
  for (let after = 0; ; ) {
    const read = { op: 'read', group: SmpGroup.fob, command: FobCommand.receipts } as const
    const reply = await session.client.request({ ...read, body: { a: after }, ...options })
    if (!reply.ok) return fail(explainVend(reply.error))
    // After the last one comes a counter of 0 alone.
    if (readUint(reply.value, 'n') === 0) return ok(receipts)
    const record = verifiedRecord(session, reply.value)
    if (!record.ok) return record
    if (!isReceipt(record.value) || record.value.counter <= after) {
      return fail({ kind: 'deviceAnswerInvalid', detail: 'order of the receipts' })
    }
    receipts.push(record.value)
    after = record.value.counter
  }
}

/** Tells the machine that the receipt is kept elsewhere, so that it may forget it. Said again, nothing more happens. */
export async function acknowledge(
  session: VendSession,
  { orderId, counter }: VendReceipt,
  options: CallOptions = {},
): Promise<Result<null, VendFailure>> {
  const body = { ...orderIdBody(orderId), n: counter }
  const write = { op: 'write', group: SmpGroup.fob, command: FobCommand.receipts } as const
  const reply = await session.client.request({ ...write, body, ...options })
  return reply.ok ? ok(null) : fail(explainVend(reply.error))
}

async function ask(
  source: ReceiptSource,
  op: 'read' | 'write',
  command: number,
  body: CborMap,
  options: CallOptions,
): Promise<Result<VendRecord, VendFailure>> {
  const reply = await source.client.request({ op, group: SmpGroup.fob, command, body, ...options })
  return reply.ok ? verifiedRecord(source, reply.value) : fail(explainVend(reply.error))
}

/** A record of the form that machines make and, where it has ended, signed by this one. */
export function verifiedRecord(
  { devicePublicKey }: ReceiptSource,
  body: CborMap,
): Result<VendRecord, VendFailure> {
  const record = parseVendRecord(body)
  if (!record) return fail({ kind: 'malformed', detail: 'vend record' })
  if (isReceipt(record) && !isRecordSignedBy(devicePublicKey, record)) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'receipt signature' })
  }
  return ok(record)
}

function ofOrder(order: VendOrder, answer: Result<VendRecord, VendFailure>): Result<VendRecord, VendFailure> {
  if (answer.ok && !isSameOrder(answer.value, order)) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'record of another order' })
  }
  return answer
}
