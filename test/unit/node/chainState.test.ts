// The development chain's state file: small, mended, and never silently thrown away.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { backUpStateFile, prepareStateFile } from '../../../node/chain/state.ts'
import { temporaryDirectory } from './temporary.ts'

let path: string
beforeEach(() => {
  path = join(temporaryDirectory(), 'state.json')
})

const block = (number: number, transactions: unknown[] = []) => ({
  header: { number: `0x${number.toString(16)}`, timestamp: `0x${(1000 + number).toString(16)}` },
  transactions,
})
const stateOf = (count: number) => ({
  best_block_number: count - 1,
  accounts: { '0x01': {} },
  // anvil writes its blocks in no order.
  blocks: Array.from({ length: count }, (_, i) => block(i, i === 7 ? ['transfer'] : [])).reverse(),
  transactions: ['transfer'],
  historical_states: Array.from({ length: count }, (_, i) => [`0x${i}`, { accounts: i }]),
})

const read = () => JSON.parse(readFileSync(path, 'utf8'))
const numbers = () => read().blocks.map((each: { header: { number: string } }) => Number(each.header.number))

describe('prepareStateFile', () => {
  it('has nothing to do at the first start', () => {
    expect(prepareStateFile(path)).toBe('none')
    expect(existsSync(path)).toBe(false)
  })

  it('keeps genesis, every block with a transaction and the last 128, and drops the rest', () => {
    writeFileSync(path, JSON.stringify(stateOf(1000)))
    expect(prepareStateFile(path)).toBe('loaded')
    expect(numbers()).toEqual([0, 7, ...Array.from({ length: 128 }, (_, i) => 872 + i)])
    expect(read().historical_states).toHaveLength(128)
    expect(read().historical_states.at(-1)).toEqual(['0x999', { accounts: 999 }])
    expect(read()).toMatchObject({
      best_block_number: 999,
      accounts: { '0x01': {} },
      transactions: ['transfer'],
    })
  })

  it('keeps the chain’s own genesis, not those that later starts added', () => {
    const { blocks, ...rest } = stateOf(3)
    const later = { header: { number: '0x0', timestamp: '0xffff' }, transactions: [] }
    writeFileSync(path, JSON.stringify({ ...rest, blocks: [later, ...blocks, later] }))
    prepareStateFile(path)
    expect(read().blocks.map((each: { header: unknown }) => each.header)).toEqual(
      stateOf(3)
        .blocks.reverse()
        .map(({ header }) => header),
    )
  })

  it('tells contracts the number of the chain’s own last block, also where it was saved in the middle of one', () => {
    for (const told of ['0x12', '0x13', '0x14']) {
      writeFileSync(path, JSON.stringify({ ...stateOf(20), block: { number: told, basefee: 7 } }))
      expect(prepareStateFile(path)).toBe('loaded')
      expect(read()).toMatchObject({ best_block_number: 19, block: { number: '0x13', basefee: 7 } })
    }
  })

  it('leaves a short chain as it is', () => {
    writeFileSync(path, JSON.stringify(stateOf(20)))
    prepareStateFile(path)
    expect(numbers()).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it.each(['', '{"blocks":[', '[]', '{"blocks":{}}'])(
    'falls back to the last good copy for %j',
    async content => {
      writeFileSync(path, JSON.stringify(stateOf(5)))
      await backUpStateFile(path)
      writeFileSync(path, content)
      // Cut off, and seen by its last byte or not: it takes no good copy's place for good.
      await backUpStateFile(path)
      expect(prepareStateFile(path)).toBe('fromBackup')
      expect(numbers()).toEqual([0, 1, 2, 3, 4])
    },
  )

  it('prefers the newest good copy', async () => {
    for (const count of [3, 4, 5]) {
      writeFileSync(path, JSON.stringify(stateOf(count)))
      await backUpStateFile(path)
    }
    writeFileSync(path, '')
    prepareStateFile(path)
    expect(numbers()).toEqual([0, 1, 2, 3, 4])
  })

  it('sets a file aside that it can’t read, where there is no copy', () => {
    writeFileSync(path, 'garbage')
    expect(prepareStateFile(path)).toBe('lost')
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe('garbage')
  })
})
