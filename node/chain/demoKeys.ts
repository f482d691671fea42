// The keys of the demo maker: made at random at the first start, kept in the state directory for this user alone.
import { randomBytes } from 'node:crypto'
import * as v from 'valibot'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import { readFileIfThere, writeFileWhole } from '../files.ts'

const privateKey = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]{64}$/),
  v.transform(text => text as Hex),
)

const schema = v.object({
  version: v.literal(1),
  /** secp256k1: owns the demo models and deploys the contracts. */
  maker: privateKey,
  /** secp256k1: publishes releases. */
  release: privateKey,
  /** secp256k1: can only revoke. */
  guardian: privateKey,
  /** P-256: signs the demo firmware; the demo devices' bootloaders trust it. */
  firmware: privateKey,
})

export type DemoKeys = v.InferOutput<typeof schema>

/** Throws, naming the file, where it is there but can't be read: made anew, the keys would not match the chain. */
export function loadOrMakeDemoKeys(path: string): DemoKeys {
  const stored = readDemoKeys(path)
  if (stored !== undefined) return stored
  const keys: DemoKeys = {
    version: 1,
    maker: randomKey(),
    release: randomKey(),
    guardian: randomKey(),
    firmware: randomKey(),
  }
  writeFileWhole(path, `${JSON.stringify(keys, null, 2)}\n`, 0o600)
  return keys
}

/** undefined where there is no such file. Throws, naming it, where it can't be read. */
export function readDemoKeys(path: string): DemoKeys | undefined {
  const content = readFileIfThere(path)
  if (content === undefined) return undefined
  try {
    return v.parse(schema, JSON.parse(content.toString('utf8')))
  } catch {
    throw new Error(`${path} is damaged. Delete the directory it is in to start over with a new chain.`)
  }
}

/** Below both curves' orders: their top 32 bits are all ones, so a first byte under 0x80 is always in range. */
function randomKey(): Hex {
  const bytes = randomBytes(32)
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  return toHex(bytes)
}
