// Looking at a machine and filling it: its slots in as many parts as its buffer needs, and what a person has put into one.
import { fail, ok, type Result } from '../result.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { explainVend, type VendFailure } from './failures.ts'
import { type MachineReading, type MachineSlot, parseMachine } from './machine.ts'

/** `inside`: a client in a session for vending or managing. All but the slots is of the last part's moment. */
export async function readMachine(
  inside: SmpClient,
  options: CallOptions = {},
): Promise<Result<MachineReading, VendFailure>> {
  const slots: MachineSlot[] = []
  for (;;) {
    const read = { op: 'read', group: SmpGroup.fob, command: FobCommand.machine } as const
    const reply = await inside.request({ ...read, body: { f: slots.length }, ...options })
    if (!reply.ok) return fail(explainVend(reply.error))
    const part = parseMachine(reply.value)
    const isNext = part?.reading.slots[0]?.slot === slots.length
    if (!part || (part.slotCount > 0 && !isNext))
      return fail({ kind: 'malformed', detail: 'machine reading' })
    slots.push(...part.reading.slots)
    if (slots.length === part.slotCount) return ok({ ...part.reading, slots })
  }
}

export interface SlotService {
  readonly slot: number
  /** Units that are in it now, at most its capacity; left out: as the machine counts. */
  readonly stock?: number
  /** Somebody has looked at it, and it works: what was wrong with it is forgotten. A closed one is open again. */
  readonly isCleared: boolean
  /** It gives out nothing from now on, until it is cleared. */
  readonly isClosed?: boolean
}

/** `inside`: a client in a session that manages, or in one for vending, of a slot that its terms name. */
export async function serviceSlot(
  inside: SmpClient,
  { slot, stock, isCleared, isClosed = false }: SlotService,
  options: CallOptions = {},
): Promise<Result<null, VendFailure>> {
  const body = {
    sl: slot,
    ...(stock !== undefined && { st: stock }),
    cl: isCleared,
    ...(isClosed && { sh: true }),
  }
  const write = { op: 'write', group: SmpGroup.fob, command: FobCommand.machine } as const
  const reply = await inside.request({ ...write, body, ...options })
  return reply.ok ? ok(null) : fail(explainVend(reply.error))
}
