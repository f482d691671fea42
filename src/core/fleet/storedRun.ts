// What a stored run must at least look like: a damaged one is not gone on with.
import * as v from 'valibot'
import type { FleetRun } from './run.ts'

const hex = v.pipe(v.string(), v.regex(/^0x[0-9a-f]*$/))
const time = v.number()
const version = v.looseObject({
  major: v.pipe(v.number(), v.integer()),
  minor: v.pipe(v.number(), v.integer()),
  revision: v.pipe(v.number(), v.integer()),
  build: v.pipe(v.number(), v.integer()),
})
const evidence = v.looseObject({
  level: v.picklist(['proven', 'unproven']),
  block: v.looseObject({ number: v.number(), hash: hex, timestamp: time }),
  endpoints: v.array(v.looseObject({ host: v.string(), verdict: v.string() })),
  verifiedAt: time,
})

const item = v.looseObject({
  key: v.string(),
  name: v.string(),
  deviceId: v.nullable(hex),
  model: v.nullable(v.looseObject({ maker: hex, name: v.string(), hardware: v.string() })),
  from: v.nullable(version),
  to: v.nullable(version),
  cid: v.nullable(v.string()),
  state: v.picklist(['queued', 'active', 'updated', 'upToDate', 'wouldUpdate', 'failed', 'skipped']),
  tries: v.number(),
  needsChoice: v.boolean(),
  failure: v.nullable(v.looseObject({ kind: v.string(), reason: v.nullable(v.string()) })),
  evidence: v.nullable(evidence),
  confirm: v.array(v.string()),
  attempt: v.nullable(v.string()),
  beganAt: v.nullable(time),
  endedAt: v.nullable(time),
})

const schema = v.pipe(
  v.looseObject({
    id: v.string(),
    kind: v.picklist(['update', 'dryRun']),
    status: v.picklist(['running', 'paused', 'ended']),
    held: v.nullable(v.string()),
    active: v.nullable(v.string()),
    first: v.nullable(v.string()),
    items: v.array(item),
    files: v.array(v.looseObject({ cid: v.string(), size: v.number(), peers: v.array(v.string()) })),
    agreed: v.array(hex),
    startedAt: time,
    endedAt: v.nullable(time),
  }),
  v.check(({ items, active }) => {
    const busy = items.filter(({ state }) => state === 'active')
    return busy.length === (active === null ? 0 : 1) && busy.every(({ key }) => key === active)
  }),
)

/** undefined for anything that is no run, or one in which it is nobody's turn who is told to have it. */
export function readStoredRun(value: unknown): FleetRun | undefined {
  return v.is(schema, value) ? (value as FleetRun) : undefined
}
