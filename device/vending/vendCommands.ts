// The commands of Fob's group by which a machine is asked for something: what each session may, and in which form.

import { toHex } from '../../src/core/bytes.ts'
import { SessionAction } from '../../src/core/lock/openMessage.ts'
import { isDigestSignedBy } from '../../src/core/p256.ts'
import { type CborMap, readBool, readBytes, readOptional, readUint } from '../../src/core/smp/cbor.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import { FobCommand } from '../../src/core/smp/fob.ts'
import { MACHINE_OVERHEAD, machineBody, SLOT_LENGTH } from '../../src/core/vending/machine.ts'
import { type MeterVoucher, parseMeterTerms, parseMeterVoucher } from '../../src/core/vending/meterPart.ts'
import { parseOrderId, parseVendOrder } from '../../src/core/vending/vendOrder.ts'
import { vendRecordBody } from '../../src/core/vending/vendRecord.ts'
import { hasSlot, parseVendTerms, vendTermsDigest } from '../../src/core/vending/vendTerms.ts'
import type { LiveSession } from '../lock/session.ts'
import type { SmpCommand, SmpReply } from '../smpDispatch.ts'
import { body, groupError } from '../smpDispatch.ts'
import type { Answered, AskedRun, Asker, VendingMachine } from './vendingMachine.ts'

type Commands = readonly (readonly [number, SmpCommand])[]
type Handler = (request: CborMap | undefined) => SmpReply

const malformed = groupError(FobError.MALFORMED)

/** For anybody, in a session or outside. */
export const openVendCommands = (machine: VendingMachine): Commands => [
  [FobCommand.vend, { read: request => readVend(machine, request) }],
]

/** Inside a session; `bufSize` is that of the session. */
export function sessionVendCommands(
  machine: VendingMachine,
  session: LiveSession,
  bufSize: number,
): Commands {
  const receipts = {
    read: (request: CborMap | undefined) => nextReceipt(machine, request),
    write: (request: CborMap | undefined) => acknowledge(machine, request),
  }
  const read: Handler = request => machinePart(machine, request, bufSize)
  const common: Commands = [[FobCommand.receipts, receipts]]
  if (session.rights.action === SessionAction.manage) {
    const write: Handler = request => service(machine, request)
    return [...common, ...openVendCommands(machine), [FobCommand.machine, { read, write }]]
  }
  const asked =
    <T>(parse: (body: CborMap) => T | undefined, carryOut: (parsed: T, asker: Asker) => Answered): Handler =>
    request => {
      const parsed = request && parse(request)
      if (parsed === undefined) return malformed
      const { rights, terms } = session
      return terms ? answer(carryOut(parsed, { rights, terms })) : groupError(FobError.VEND_TERMS_MISSING)
    }
  return [
    ...common,
    [FobCommand.vendTerms, { write: request => takeTerms(session, request) }],
    [FobCommand.machine, { read, write: request => serviceGranted(machine, session, request) }],
    [
      FobCommand.vend,
      {
        read: request => readVend(machine, request),
        write: asked(parseVendOrder, (order, asker) => machine.vend(order, asker)),
      },
    ],
    [FobCommand.cancelVend, { write: asked(parseVendOrder, (order, asker) => machine.cancel(order, asker)) }],
    [FobCommand.meter, { write: asked(parseRun, (run, asker) => machine.startMeter(run, asker)) }],
    [
      FobCommand.payMeter,
      { write: asked(parsePayment, ({ id, voucher }, asker) => machine.payMeter(id, voucher, asker)) },
    ],
    [FobCommand.stopMeter, { write: asked(parseOrderId, id => machine.stopMeter(id)) }],
  ]
}

/** `{id: run id, sl: slot, na: not after, ct: bytes20 PaymentChannels}`, and the terms of the meter. */
function parseRun(request: CborMap): AskedRun | undefined {
  const order = parseVendOrder({ ...request, q: 0 }, 0)
  const terms = parseMeterTerms(request)
  const contract = readBytes(request, 'ct')
  if (!order || !terms || contract?.length !== 20) return undefined
  const { orderId, slot, notAfter } = order
  return { orderId, slot, notAfter, terms, paymentChannels: toHex(contract) }
}

/** `{id: run id}`, and the voucher. */
function parsePayment(request: CborMap): { readonly id: bigint; readonly voucher: MeterVoucher } | undefined {
  const id = parseOrderId(request)
  const voucher = parseMeterVoucher(request)
  return id === undefined || !voucher ? undefined : { id, voucher }
}

/** Only by the key that signed the grant: nobody else says what the grant allows. */
function takeTerms(session: LiveSession, request: CborMap | undefined): SmpReply {
  const terms = request && parseVendTerms(request)
  if (!terms) return malformed
  const { domain, grant, grantDigest, signer } = session.rights
  const { deviceId } = grant
  const digest = vendTermsDigest(domain, { ...terms, deviceId, grantDigest })
  if (!signer || !isDigestSignedBy(signer, digest, terms.signature)) {
    return groupError(FobError.SIGNATURE_INVALID)
  }
  session.terms = terms
  return body({})
}

const answer = (answered: Answered): SmpReply =>
  typeof answered === 'number' ? groupError(answered) : body(vendRecordBody(answered))

function readVend(machine: VendingMachine, request: CborMap | undefined): SmpReply {
  const orderId = request && parseOrderId(request)
  return orderId === undefined ? malformed : answer(machine.read(orderId))
}

/** `{a: counter}`: the first receipt after that one; `{n: 0}` where there is none. */
function nextReceipt(machine: VendingMachine, request: CborMap | undefined): SmpReply {
  const after = request && readUint(request, 'a')
  if (after === undefined) return malformed
  const next = machine.records.pending().find(({ counter }) => counter > after)
  return body(next ? vendRecordBody(next) : { n: 0 })
}

/** `{id: order id, n: counter of its receipt}` */
function acknowledge(machine: VendingMachine, request: CborMap | undefined): SmpReply {
  const orderId = request && parseOrderId(request)
  const counter = request && readUint(request, 'n')
  if (orderId === undefined || counter === undefined) return malformed
  const refusal = machine.acknowledge(orderId, counter)
  return refusal === null ? body({}) : groupError(refusal)
}

/** `{f: first slot}`; as many slots as the answer has room for. */
function machinePart(machine: VendingMachine, request: CborMap | undefined, bufSize: number): SmpReply {
  const first = request && readUint(request, 'f')
  if (first === undefined) return malformed
  const reading = machine.reading()
  const room = Math.max(1, Math.floor((bufSize - MACHINE_OVERHEAD) / SLOT_LENGTH))
  const slots = reading.slots.slice(first, first + room)
  return body(machineBody({ slotCount: reading.slots.length, reading: { ...reading, slots } }))
}

/** Whoever fills a machine stands before its kiosk: it may be told there what is in the slots that it sells from. */
function serviceGranted(
  machine: VendingMachine,
  { terms }: LiveSession,
  request: CborMap | undefined,
): SmpReply {
  const slot = request && readUint(request, 'sl')
  if (!terms) return groupError(FobError.VEND_TERMS_MISSING)
  if (slot !== undefined && !hasSlot(terms.slots, slot)) return groupError(FobError.SLOT_NOT_GRANTED)
  return service(machine, request)
}

/** `{sl: slot, cl: is cleared}`, where somebody has counted `st: stock`, and to shut it `sh: true`. */
function service(machine: VendingMachine, request: CborMap | undefined): SmpReply {
  const slot = request && readUint(request, 'sl')
  const stock = request && readOptional(request, 'st', readUint, null)
  const isCleared = request && readBool(request, 'cl')
  const isClosed = request && readOptional(request, 'sh', readBool, false)
  if (slot === undefined || stock === undefined || isCleared === undefined) return malformed
  if (isClosed === undefined || (isClosed && isCleared)) return malformed
  return machine.service({ slot, stock, isCleared, isClosed }) ? body({}) : groupError(FobError.SLOT_UNKNOWN)
}
