// Storage words of a contract at one block: proven locally where an endpoint hands out proofs, else at its word.
import * as v from 'valibot'
import { type Address, fromHex, type Hex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { type StorageProofs, verifyStorage } from './account.ts'
import type { Endpoint } from './endpoint.ts'
import type { Header } from './header.ts'
import type { HeaderFailure } from './headerSource.ts'
import type { Verdicts } from './verdicts.ts'

export type Words = ReadonlyMap<Hex, bigint>

export interface StorageReading {
  readonly words: Words
  readonly isProven: boolean
}

/** Asks one endpoint after the other; what each did is noted in `verdicts`. */
export async function readStorage(
  endpoints: readonly Endpoint[],
  contract: Address,
  slots: readonly Hex[],
  header: Header,
  verdicts: Verdicts,
): Promise<Result<StorageReading, HeaderFailure>> {
  const block = `0x${header.number.toString(16)}`
  const refusing: Endpoint[] = []
  for (const endpoint of verdicts.usable(endpoints)) {
    const answer = await endpoint.call('eth_getProof', [contract, slots, block])
    if (!answer.ok) {
      if (answer.error.kind === 'rpcRefused') refusing.push(endpoint)
      // What it said of the header stands; another's proof may do.
      const verdict = verdicts.has(endpoint, 'agreed') ? 'agreed' : 'unreachable'
      verdicts.set(endpoint, verdict, `no proof: ${answer.error.detail}`)
      continue
    }
    const proofs = parseProofs(answer.value, slots)
    const proven = proofs ? verifyStorage(header, contract, proofs) : undefined
    if (proven?.ok) {
      // Already so where the endpoints vouch for the header; where something else does, this shows who was asked.
      verdicts.set(endpoint, 'agreed')
      return ok({ words: proven.value.slots, isProven: true })
    }
    verdicts.set(endpoint, 'badProof', proven ? proven.error.detail : 'malformed')
  }
  for (const endpoint of refusing) {
    verdicts.set(endpoint, 'noProofs')
    const words = await readWords(endpoint, contract, slots, block)
    if (words) return ok({ words, isProven: false })
    verdicts.set(endpoint, 'unreachable', 'gave neither proofs nor values')
  }
  const kind = verdicts.some('badProof') ? 'chainDisagrees' : 'chainUnreachable'
  return fail({ kind, endpoints: verdicts.list() })
}

const node = v.pipe(v.string(), v.regex(/^0x([0-9a-fA-F]{2})*$/), v.maxLength(4096))
const nodes = v.pipe(v.array(node), v.maxLength(130))
const proofSchema = v.object({
  accountProof: nodes,
  storageProof: v.array(
    v.object({ key: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{1,64}$/)), proof: nodes }),
  ),
})

/** undefined where it is malformed or lacks a slot. */
function parseProofs(answer: unknown, slots: readonly Hex[]): StorageProofs | undefined {
  const parsed = v.safeParse(proofSchema, answer)
  if (!parsed.success) return undefined
  const { accountProof, storageProof } = parsed.output
  const found = slots.map(slot => {
    // Some endpoints give keys as quantities without leading zeros.
    const given = storageProof.find(({ key }) => BigInt(key) === BigInt(slot))
    return given && { slot, proof: given.proof.map(toBytes) }
  })
  const complete = found.filter(each => each !== undefined)
  if (complete.length !== slots.length) return undefined
  return { accountProof: accountProof.map(toBytes), slots: complete }
}

const toBytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array()

async function readWords(
  endpoint: Endpoint,
  contract: Address,
  slots: readonly Hex[],
  block: string,
): Promise<Words | undefined> {
  const words = await Promise.all(
    slots.map(slot => endpoint.call('eth_getStorageAt', [contract, slot, block])),
  )
  const found = new Map<Hex, bigint>()
  for (const [i, slot] of slots.entries()) {
    const word = words[i]
    if (!word?.ok || typeof word.value !== 'string' || !/^0x[0-9a-fA-F]{0,64}$/.test(word.value))
      return undefined
    found.set(slot, word.value === '0x' ? 0n : BigInt(word.value))
  }
  return found
}
