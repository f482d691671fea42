// What the Market may take of a token, and the next permit's number, as enough endpoints report.
import type { ChainFailure } from '../../../app/ports/chain.ts'
import { type Address, concat, fromHex, toHex } from '../../../core/bytes.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { abiAddress, abiEncode } from '../../../core/registry/abi.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { selectorOf } from '../../../core/wallet/abiShape.ts'
import { askAll, refusedByAll } from '../wallet/ask.ts'
import type { ChainWorld } from '../wallet/world.ts'

interface Asked {
  readonly token: Address
  readonly owner: Address
  readonly spender: Address
}

/** Where endpoints differ the least is told: more is asked for than is needed, and never less. */
export async function tokenAllowance(
  world: ChainWorld,
  { token, owner, spender }: Asked,
): Promise<Result<{ readonly allowance: bigint; readonly nonce: bigint | null }, ChainFailure>> {
  const call = (signature: string, ...accounts: readonly Address[]) => ({
    to: token,
    data: toHex(
      concat(fromHex(selectorOf(signature)) ?? new Uint8Array(), abiEncode(accounts.map(abiAddress))),
    ),
  })
  const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
    const allowance = await wordOf(endpoint, call('allowance(address,address)', owner, spender))
    const nonce = await wordOf(endpoint, call('nonces(address)', owner))
    return ok(allowance === undefined ? undefined : { allowance, nonce: nonce ?? null })
  })
  if (!asked.ok) return asked
  const answers = asked.value.answers.map(({ value }) => value)
  const [first] = answers.toSorted((a, b) => (a.allowance < b.allowance ? -1 : 1))
  if (!first) return fail(refusedByAll(asked.value))
  const nonces = answers.map(({ nonce }) => nonce).filter(nonce => nonce !== null)
  const newest = nonces.reduce<bigint | null>(
    (most, nonce) => (most === null || nonce > most ? nonce : most),
    null,
  )
  return ok({ allowance: first.allowance, nonce: newest })
}

async function wordOf(endpoint: Endpoint, call: object): Promise<bigint | undefined> {
  const answer = await endpoint.call('eth_call', [call, 'latest'])
  return answer.ok && typeof answer.value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(answer.value)
    ? BigInt(answer.value)
    : undefined
}
