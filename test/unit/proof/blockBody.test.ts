// Blocks' transactions and receipts against the roots in their headers: recorded ones, and ones that another library encoded.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { keccak256, serializeTransaction, type TransactionSerializable } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { fromHex, type Hex } from '../../../src/core/bytes.ts'
import { verifyBlockBody } from '../../../src/core/proof/blockBody.ts'
import { type Header, headerFromRpc } from '../../../src/core/proof/header.ts'
import { orderedTrieRoot } from '../../../src/core/proof/orderedTrie.ts'
import { encodeRlp, quantityBytes } from '../../../src/core/proof/rlp.ts'
import { emptyTrieRoot } from '../../../src/core/proof/trie.ts'
import { buildTrie } from './trieBuilder.ts'

type Json = Record<string, unknown>
interface Recorded {
  readonly blocks: readonly { readonly block: Json & { transactions: Json[] }; readonly receipts: Json[] }[]
}
const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../vectors/proof/anvilBlocks.json', import.meta.url), 'utf8'),
)
const at = (number: number) => {
  const found = recorded.blocks[number]
  const header = headerFromRpc(found?.block)
  if (!found || !header.ok) throw new Error(`no block ${number}`)
  return { header: header.value, transactions: found.block.transactions, receipts: found.receipts }
}

describe('the root of a trie that is built whole', () => {
  it('is that of a trie built by definition, for up to 300 values of any length', () => {
    const value = fc.uint8Array({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), values => {
        const entries = values.map((each, i) => [encodeRlp(quantityBytes(BigInt(i))), each] as const)
        const expected = values.length === 0 ? emptyTrieRoot : buildTrie(entries).root
        expect(orderedTrieRoot(values)).toBe(expected)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a block’s body', () => {
  it('tells what became of transactions of every kind that a chain node made', () => {
    const { header, transactions, receipts } = at(1)
    const body = verifyBlockBody(header, transactions, receipts)
    if (!body.ok) throw new Error(body.error.detail)
    expect(body.value.map(({ hash }) => hash)).toEqual(transactions.map(({ hash }) => hash))
    expect(body.value.map(({ fee }) => fee)).toEqual(
      receipts.map(
        ({ gasUsed, effectiveGasPrice }) => BigInt(String(gasUsed)) * BigInt(String(effectiveGasPrice)),
      ),
    )
    expect(body.value.map(({ succeeded }) => succeeded)).toEqual([true, true, true, true, true])
    expect(body.value.map(({ to }) => to)).toEqual(transactions.map(({ to }) => to))
    expect(new Set(transactions.map(({ type }) => type))).toEqual(new Set(['0x0', '0x1', '0x2', '0x4']))
  })

  it('tells a failed transaction from one that logged', () => {
    const { header, transactions, receipts } = at(2)
    const body = verifyBlockBody(header, transactions, receipts)
    if (!body.ok) throw new Error(body.error.detail)
    expect(body.value.map(({ succeeded, logs }) => [succeeded, logs.length])).toEqual([
      [true, 1],
      [false, 0],
    ])
  })

  it('may be empty', () => {
    const { header } = at(0)
    expect(verifyBlockBody(header, [], [])).toEqual({ ok: true, value: [] })
  })

  it('is refused with any one fact changed, left out, swapped or added', () => {
    const { header, transactions, receipts } = at(1)
    const refused = (sent: unknown, outcomes: unknown) =>
      expect(verifyBlockBody(header, sent, outcomes).ok, JSON.stringify([sent, outcomes]).slice(0, 80)).toBe(
        false,
      )
    const changed = (list: readonly Json[], index: number, field: string, value: unknown) =>
      list.map((each, i) => (i === index ? { ...each, [field]: value } : each))
    const signed = ['type', 'nonce', 'gas', 'to', 'value', 'input', 'r', 's']
    const said = ['type', 'status', 'cumulativeGasUsed', 'logsBloom']
    for (const index of transactions.keys()) {
      for (const field of signed) {
        refused(changed(transactions, index, field, flipped(transactions[index]?.[field])), receipts)
      }
      for (const field of said) {
        refused(transactions, changed(receipts, index, field, flipped(receipts[index]?.[field])))
        refused(transactions, changed(receipts, index, field, undefined))
      }
    }
    refused(transactions.slice(1), receipts.slice(1))
    refused(transactions, receipts.slice(1))
    refused(transactions.toReversed(), receipts)
    refused(transactions, receipts.toReversed())
    refused([...transactions, transactions[0]], [...receipts, receipts[0]])
    refused([], [])
  })

  it('never throws, whatever an endpoint hands out', () => {
    const { header, transactions, receipts } = at(2)
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(verifyBlockBody(header, a, b).ok).toBe(false)
        expect(verifyBlockBody(header, transactions, b).ok).toBe(false)
        expect(verifyBlockBody(header, a, receipts).ok).toBe(false)
      }),
    )
  })

  it('says of a chain’s own kinds of transactions that it can’t verify them', () => {
    const { header, transactions, receipts } = at(2)
    const deposit = [{ ...transactions[0], type: '0x7e' }, transactions[1]]
    expect(verifyBlockBody(header, deposit, receipts)).toMatchObject({ error: { kind: 'bodyUnsupported' } })
  })

  it('encodes blob transactions as another library does', async () => {
    const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
    const transaction = {
      type: 'eip4844',
      chainId: 1,
      nonce: 7,
      gas: 21_000n,
      to: `0x${'aa'.repeat(20)}`,
      value: 3n,
      maxFeePerGas: 9n,
      maxPriorityFeePerGas: 2n,
      maxFeePerBlobGas: 4n,
      blobVersionedHashes: [`0x01${'bb'.repeat(31)}`],
      accessList: [{ address: `0x${'cc'.repeat(20)}`, storageKeys: [`0x${'dd'.repeat(32)}`] }],
    } as const satisfies TransactionSerializable
    let signature: { r: Hex; s: Hex; yParity: number } | undefined
    const raw = await account.signTransaction(transaction, {
      serializer: (each, given) => {
        if (given) signature = { r: given.r, s: given.s, yParity: given.yParity ?? 0 }
        return serializeTransaction(each, given)
      },
    })
    const receipt = {
      type: '0x3',
      status: '0x1',
      cumulativeGasUsed: '0x5208',
      logsBloom: `0x${'00'.repeat(256)}`,
      logs: [],
    }
    const receiptBytes = encodeRlp([quantityBytes(1n), quantityBytes(21_000n), new Uint8Array(256), []])
    const header: Pick<Header, 'transactionsRoot' | 'receiptsRoot' | 'baseFeePerGas'> = {
      transactionsRoot: rootOfOne(fromHex(raw) ?? new Uint8Array()),
      receiptsRoot: rootOfOne(Uint8Array.from([3, ...receiptBytes])),
      baseFeePerGas: 5n,
    }
    const rpc = {
      ...transaction,
      type: '0x3',
      chainId: '0x1',
      nonce: '0x7',
      gas: '0x5208',
      value: '0x3',
      maxFeePerGas: '0x9',
      maxPriorityFeePerGas: '0x2',
      maxFeePerBlobGas: '0x4',
      input: '0x',
      r: signature?.r,
      s: signature?.s,
      yParity: signature?.yParity === 0 ? '0x0' : '0x1',
    }
    expect(verifyBlockBody(header, [rpc], [receipt])).toMatchObject({
      ok: true,
      value: [{ hash: keccak256(raw), value: 3n, succeeded: true, fee: 21_000n * 7n }],
    })
  })
})

const rootOfOne = (value: Uint8Array): Hex => buildTrie([[Uint8Array.of(0x80), value]]).root

/** Another value of the same shape. */
function flipped(value: unknown): unknown {
  if (value === null) return `0x${'00'.repeat(20)}`
  const text = String(value)
  if (text === '0x') return '0x00'
  return `${text.slice(0, -1)}${text.endsWith('1') ? '2' : '1'}`
}
