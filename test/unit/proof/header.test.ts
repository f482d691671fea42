import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerFromRpc } from '../../../src/core/proof/header.ts'

interface Recorded {
  readonly blocks: readonly Record<string, unknown>[]
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../vectors/proof/mainnetHeaders.json', import.meta.url), 'utf8'),
)
const [genesis = {}, osaka = {}] = recorded.blocks

describe('block headers', () => {
  it('computes the hash of mainnet’s first block and of one with every field up to Osaka', () => {
    expect(headerFromRpc(genesis)).toMatchObject({
      ok: true,
      value: { hash: genesis.hash, number: 0, timestamp: 0, baseFeePerGas: null },
    })
    expect(headerFromRpc(osaka)).toEqual({
      ok: true,
      value: {
        hash: osaka.hash,
        parentHash: osaka.parentHash,
        number: 24_630_100,
        timestamp: 0x69b09d6b,
        stateRoot: osaka.stateRoot,
        transactionsRoot: osaka.transactionsRoot,
        receiptsRoot: osaka.receiptsRoot,
        baseFeePerGas: BigInt(String(osaka.baseFeePerGas)),
      },
    })
  })

  it('refuses a block with any one field of the header changed, missing or null', () => {
    const fields = Object.keys(osaka)
    for (const field of fields) {
      const value = String(osaka[field])
      const last = value.at(-1) === '0' ? '1' : '0'
      for (const changed of [`${value.slice(0, -1)}${last}`, undefined, null, 7, `${value}zz`]) {
        expect(headerFromRpc({ ...osaka, [field]: changed }), field).toMatchObject({
          ok: false,
          error: { kind: 'badHeader' },
        })
      }
    }
  })

  it('hashes fields of later forks where they are there', () => {
    const amsterdam = { ...osaka, blockAccessListHash: `0x${'11'.repeat(32)}` }
    expect(headerFromRpc(amsterdam)).toMatchObject({ ok: false, error: { kind: 'badHeader' } })
  })

  it('ignores what is not part of the header', () => {
    expect(headerFromRpc({ ...osaka, size: '0x1', transactions: [], l1BlockNumber: '0x5' }).ok).toBe(true)
  })

  it('never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), json => {
        expect(headerFromRpc(json).ok).toBe(false)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(osaka)), fc.jsonValue(), (field, json) => {
        expect(headerFromRpc({ ...osaka, [field]: json })).toHaveProperty('ok')
      }),
    )
  })
})
