// What a stored record must at least look like: a damaged one is dropped instead of crashing the screen that shows it.
// Loaded with the first record that is read: an empty app needs none of it.
import {
  array,
  boolean,
  type GenericSchema,
  integer,
  is,
  literal,
  looseObject,
  nullable,
  number,
  picklist,
  pipe,
  regex,
  string,
  union,
} from 'valibot'
import { updateSteps } from '../../core/update/state.ts'
import type { TableName, TableRecords } from './records.ts'

export const hex = pipe(string(), regex(/^0x[0-9a-f]*$/))
const time = number()
const version = looseObject({
  major: pipe(number(), integer()),
  minor: pipe(number(), integer()),
  revision: pipe(number(), integer()),
  build: pipe(number(), integer()),
})
export const model = looseObject({ maker: hex, name: string(), hardware: string() })
const manifest = looseObject({
  model: string(),
  hardware: string(),
  version,
  securityCounter: number(),
  cid: string(),
  size: number(),
  fileHash: hex,
  imageHash: hex,
  keyHash: hex,
  validUntil: time,
  notes: string(),
  peers: array(string()),
})
export const evidence = looseObject({
  level: picklist(['proven', 'unproven']),
  block: looseObject({ number: number(), hash: hex, timestamp: time }),
  endpoints: array(looseObject({ host: string(), verdict: string() })),
  verifiedAt: time,
})
// Kinds of unions are left open: a record that a later version wrote is still a record.
const decision = looseObject({ kind: string() })

const schemas: { readonly [K in TableName]: GenericSchema } = {
  devices: looseObject({
    key: string(),
    source: string(),
    sourceId: string(),
    name: string(),
    addedAt: time,
    lastSeenAt: time,
    deviceId: nullable(hex),
    model: nullable(model),
    running: nullable(looseObject({ version, hash: hex, confirmed: boolean() })),
    battery: nullable(number()),
    slotSize: nullable(number()),
    lastCheck: nullable(looseObject({ at: time, decision, evidence, runningRevoked: boolean() })),
    highWater: nullable(
      looseObject({ channel: string(), releaseKey: hex, seq: number(), version, securityCounter: number() }),
    ),
  }),
  makers: looseObject({
    address: hex,
    name: string(),
    pinnedAt: time,
    from: string(),
    domain: nullable(string()),
    models: array(model),
  }),
  readings: looseObject({
    key: string(),
    reading: looseObject({
      evidence,
      record: nullable(looseObject({ maker: hex, releaseKey: hex, guardian: hex })),
      head: nullable(
        looseObject({
          manifestHash: hex,
          version,
          seq: number(),
          minSecurityCounter: number(),
          updatedAt: time,
        }),
      ),
      manifest: nullable(manifest),
      revocations: array(looseObject({ digest: hex, reason: number() })),
    }),
  }),
  updates: looseObject({
    deviceKey: string(),
    attempt: string(),
    status: string(),
    step: picklist(updateSteps),
    deviceId: nullable(hex),
    plan: nullable(
      looseObject({ model, manifest, evidence, from: nullable(version), confirm: array(string()) }),
    ),
    consented: boolean(),
    progress: looseObject({ done: number(), total: number() }),
    bytesSent: number(),
    swapRequested: boolean(),
    reconnects: number(),
    failure: nullable(looseObject({ kind: string(), step: string() })),
    startedAt: time,
    finishedAt: nullable(time),
  }),
  history: looseObject({
    id: string(),
    deviceKey: string(),
    at: time,
    event: union([
      looseObject({
        kind: literal('updated'),
        receipt: looseObject({ deviceName: string(), model, to: version, manifest, evidence }),
      }),
      looseObject({ kind: literal('reverted'), from: version, to: version }),
      looseObject({ kind: literal('failed'), failure: string() }),
      looseObject({ kind: picklist(['checked']), decision: string() }),
    ]),
  }),
}

/** The record where it has the table's shape, undefined for anything else. */
export function checkRecord<K extends TableName>(table: K, value: unknown): TableRecords[K] | undefined {
  return is(schemas[table], value) ? (value as TableRecords[K]) : undefined
}
