// Energy and time by vouchers: begin, pay for the next units while the last are given, stop; the machine signs what was given.
import { fail, ok, type Result } from '../result.ts'
import type { CborMap } from '../smp/cbor.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { explainVend, type VendFailure } from './failures.ts'
import { type MeterTerms, type MeterVoucher, meterTermsBody, meterVoucherBody } from './meterPart.ts'
import { verifiedRecord } from './vend.ts'
import { orderIdBody } from './vendOrder.ts'
import { isReceipt, type VendReceipt, type VendRecord } from './vendRecord.ts'
import type { VendSession } from './vendSession.ts'

/** That the channel is open, holds its deposit, and pays the right payee is for the asker to have seen on chain. */
export interface MeterRun extends MeterTerms {
  /** uint256, not 0: random, new for each run. */
  readonly runId: bigint
  /** uint16: what is metered. */
  readonly slot: number
  /** uint40, Unix seconds: the machine stops a minute before; at most a day ahead. */
  readonly notAfter: number
  /** 20 bytes: whose vouchers they are. */
  readonly paymentChannels: Uint8Array
}

/** Written down, and waiting for the first voucher: nothing is given on credit. The same again tells what came of it. */
export const startMeter = (
  session: VendSession,
  { runId, slot, notAfter, paymentChannels, ...terms }: MeterRun,
  options: CallOptions = {},
): Promise<Result<VendRecord, VendFailure>> =>
  ask(
    session,
    FobCommand.meter,
    {
      ...orderIdBody(runId),
      ...{ sl: slot, na: notAfter, ct: Uint8Array.from(paymentChannels) },
      ...meterTermsBody(terms),
    },
    options,
  )

/** A voucher for more than the last: the machine goes on as far as it pays. One that it has taken already changes nothing. */
export const payMeter = (
  session: VendSession,
  runId: bigint,
  voucher: MeterVoucher,
  options: CallOptions = {},
): Promise<Result<VendRecord, VendFailure>> =>
  ask(session, FobCommand.payMeter, { ...orderIdBody(runId), ...meterVoucherBody(voucher) }, options)

/**
 * Ends it, with a receipt over what was given: `amountDue` of it is what the channel owes. What the last voucher says beyond
 * that goes back to the payer once he signs, and the payee closes, for just that amount.
 */
export async function stopMeter(
  session: VendSession,
  runId: bigint,
  options: CallOptions = {},
): Promise<Result<VendReceipt, VendFailure>> {
  const ended = await ask(session, FobCommand.stopMeter, orderIdBody(runId), options)
  if (!ended.ok) return ended
  return isReceipt(ended.value) ? ok(ended.value) : fail({ kind: 'vendRunning' })
}

async function ask(
  session: VendSession,
  command: number,
  body: CborMap & { readonly id: Uint8Array },
  options: CallOptions,
): Promise<Result<VendRecord, VendFailure>> {
  const write = { op: 'write', group: SmpGroup.fob, command } as const
  const reply = await session.client.request({ ...write, body, ...options })
  if (!reply.ok) return fail(explainVend(reply.error))
  const record = verifiedRecord(session, reply.value)
  if (!record.ok) return record
  const isAsked = orderIdBody(record.value.orderId).id.every((byte, i) => byte === body.id[i])
  if (isAsked && record.value.meter) return record
  return fail({ kind: 'deviceAnswerInvalid', detail: 'record of another run' })
}
