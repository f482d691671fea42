// Statistics of a device's system, group 0: its tasks and its memory pools (Zephyr, "Default/OS Management Group"; Mynewt, newtmgr).
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, type CborValue, isCborMap, readInt, readOptional, readUint } from './cbor.ts'
import type { SmpClient, SmpFailure } from './client.ts'
import { SmpGroup } from './message.ts'
import { type CallOptions, OsCommand } from './os.ts'

export interface TaskStatistics {
  readonly name: string
  readonly priority: number
  /** Bytes used at most, and in all. */
  readonly stackUsed: number
  readonly stackSize: number
  /** null where the device does not count them. */
  readonly switches: number | null
  readonly runtime: number | null
}

export interface PoolStatistics {
  readonly name: string
  /** Bytes of a block. */
  readonly blockSize: number
  readonly blocks: number
  readonly free: number
  /** The fewest that were ever free. */
  readonly leastFree: number
}

/** Stack sizes travel in units of four bytes. */
const STACK_UNIT = 4

export async function readTasks(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<readonly TaskStatistics[], SmpFailure>> {
  const reply = await client.request({ ...read(OsCommand.taskStatistics), ...options })
  if (!reply.ok) return reply
  const { tasks } = reply.value
  return isMap(tasks) ? entries(tasks, readTask) : malformed('tasks')
}

/** Zephyr's form has the pools by name at the top, Mynewt's in `mpools`. */
export async function readPools(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<readonly PoolStatistics[], SmpFailure>> {
  const reply = await client.request({ ...read(OsCommand.poolStatistics), ...options })
  if (!reply.ok) return reply
  const { mpools, rc: _, ...named } = reply.value
  return entries(isMap(mpools) ? mpools : named, readPool)
}

const read = (command: number) => ({ op: 'read', group: SmpGroup.os, command, body: {} }) as const

const isMap = (value: CborValue | undefined): value is CborMap => value !== undefined && isCborMap(value)

function entries<T>(
  map: CborMap,
  parse: (name: string, entry: CborMap) => T | undefined,
): Result<readonly T[], SmpFailure> {
  const parsed: T[] = []
  for (const [name, value] of Object.entries(map)) {
    const entry = isMap(value) ? parse(name, value) : undefined
    if (entry === undefined) return malformed(name)
    parsed.push(entry)
  }
  return ok(parsed)
}

function readTask(name: string, entry: CborMap): TaskStatistics | undefined {
  const priority = readInt(entry, 'prio')
  const used = readUint(entry, 'stkuse')
  const size = readUint(entry, 'stksiz')
  const switches = readOptional(entry, 'cswcnt', readUint, null)
  const runtime = readOptional(entry, 'runtime', readUint, null)
  if (priority === undefined || used === undefined || size === undefined) return undefined
  if (switches === undefined || runtime === undefined) return undefined
  return { name, priority, stackUsed: used * STACK_UNIT, stackSize: size * STACK_UNIT, switches, runtime }
}

function readPool(name: string, entry: CborMap): PoolStatistics | undefined {
  const [blockSize, blocks, free] = ['blksiz', 'nblks', 'nfree'].map(key => readUint(entry, key))
  if (blockSize === undefined || blocks === undefined || free === undefined) return undefined
  const leastFree = readOptional(entry, 'min', readUint, free)
  return leastFree === undefined ? undefined : { name, blockSize, blocks, free, leastFree }
}

const malformed = (field: string) => fail<SmpFailure>({ kind: 'malformed', detail: `field ${field}` })
