// The search for blocks that changed an account, over made-up histories: it finds what looking at every block would find.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/core/bytes.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { type AccountState, findChanges } from '../../../src/io/chain/wallet/accountChanges.ts'

const account: Address = `0x${'11'.repeat(20)}`

/** What a block does to the account: comes in, goes out (which counts), or nothing. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ balance: 0n, nonce: 0 }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 9n }).map(balance => ({ balance, nonce: 0 })) },
  { weight: 1, arbitrary: fc.bigInt({ min: -9n, max: 9n }).map(balance => ({ balance, nonce: 1 })) },
)

function historyOf(steps: readonly AccountState[]): readonly AccountState[] {
  const states: AccountState[] = [{ balance: 1_000n, nonce: 0 }]
  for (const { balance, nonce } of steps) {
    const last = states.at(-1) ?? { balance: 0n, nonce: 0 }
    states.push({ balance: last.balance + balance, nonce: last.nonce + nonce })
  }
  return states
}

/** Keeps state from `oldest` on; `fails` says which of its answers get lost. */
function endpointOf(states: readonly AccountState[], oldest: number, fails: (call: number) => boolean) {
  let calls = 0
  return {
    host: 'made.up',
    calls: () => calls,
    async call(method: string, params: readonly unknown[]) {
      const block = Number(params[1])
      const state = states[block]
      if (fails(calls++)) return fail({ kind: 'rpcUnreachable', detail: 'time-out' } as const)
      if (block < oldest || !state) return fail({ kind: 'rpcRefused', detail: 'missing trie node' } as const)
      const value = method === 'eth_getBalance' ? state.balance : BigInt(state.nonce)
      return ok(`0x${value.toString(16)}`)
    },
  }
}

/** What a look at every block from `from` on gives. */
const expected = (states: readonly AccountState[], from: number) =>
  states.flatMap((after, block) => {
    const before = states[block - 1]
    const isChange = before && (before.balance !== after.balance || before.nonce !== after.nonce)
    return isChange && block >= from ? [{ block, before, after }] : []
  })

async function search(states: readonly AccountState[], endpoint: ReturnType<typeof endpointOf>, low = 0) {
  const high = states.length - 1
  const after = states[high] ?? { balance: 0n, nonce: 0 }
  const { changes, completeFrom } = await findChanges(endpoint, account, { low, high, after }, () => true)
  return { changes: changes.toSorted((a, b) => a.block - b.block), completeFrom }
}

describe('the search', () => {
  test('finds every change of every history, from whichever block on', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), fc.nat(), async (steps, at) => {
        const states = historyOf(steps)
        const low = at % states.length
        const found = await search(
          states,
          endpointOf(states, 0, () => false),
          low,
        )
        expect(found.completeFrom).toBe(low === 0 ? 0 : low + 1)
        expect(found.changes).toEqual(expected(states, low + 1))
      }),
      { numRuns: 60 },
    ))

  test('begins at the oldest state that there is', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), fc.nat(), async (steps, at) => {
        const states = historyOf(steps)
        const oldest = 1 + (at % steps.length)
        const found = await search(
          states,
          endpointOf(states, oldest, () => false),
        )
        expect(found.completeFrom).toBe(oldest + 1)
        expect(found.changes).toEqual(expected(states, oldest + 1))
      }),
      { numRuns: 60 },
    ))

  test('says from where on it is complete, whichever answers are lost', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.infiniteStream(fc.nat(9)),
        async (steps, luck) => {
          const states = historyOf(steps)
          const found = await search(
            states,
            endpointOf(states, 0, () => luck.next().value === 0),
          )
          expect(found.changes).toEqual(expected(states, found.completeFrom))
        },
      ),
      { numRuns: 80 },
    ))

  test('ends when there is no more time, with the newest', async () => {
    const states = historyOf(Array.from({ length: 200 }, () => ({ balance: 1n, nonce: 0 })))
    const high = states.length - 1
    const after = states[high] ?? { balance: 0n, nonce: 0 }
    const endpoint = endpointOf(states, 0, () => false)
    let rounds = 0
    const found = await findChanges(endpoint, account, { low: 0, high, after }, () => rounds++ < 12)
    expect(found.completeFrom).toBeGreaterThan(1)
    expect(found.completeFrom).toBeLessThanOrEqual(high)
    expect(found.changes.toSorted((a, b) => a.block - b.block)).toEqual(expected(states, found.completeFrom))
  })

  test('asks of a million blocks no more than a few dozen times per change', async () => {
    const changes = [17, 400_000, 999_999]
    const states: AccountState[] = Array.from({ length: 1_000_001 }, (_, block) => ({
      balance: BigInt(changes.filter(each => each <= block).length),
      nonce: 0,
    }))
    const endpoint = endpointOf(states, 0, () => false)
    const found = await search(states, endpoint)
    expect(found.changes.map(({ block }) => block)).toEqual(changes)
    expect(endpoint.calls()).toBeLessThan(changes.length * 2 * 21)
  })
})
