// The contracts of a local chain: put there once, remembered, and mended one by one where chain and memory differ.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keccak256 } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { firmwareRegistryBytecode } from '../../../contracts/generated/FirmwareRegistry.ts'
import { type Anvil, startAnvil } from '../../../node/chain/anvil.ts'
import { contractNames } from '../../../node/chain/contracts.ts'
import { deployOnce } from '../../../node/chain/deploy.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { freePort } from '../../../node/http.ts'
import { temporaryDirectory } from './temporary.ts'

const deployer = `0x${'5d'.repeat(32)}` as const
const chainId = 31_337

let chain: Anvil
let file: string
let lines: string[]

beforeAll(async () => {
  chain = await startAnvil({ port: await freePort(), chainId, blockTime: 1 })
})
afterAll(() => chain.stop())
beforeEach(() => {
  file = join(temporaryDirectory(), 'deployment.json')
  lines = []
})

const deploy = (url = chain.url) =>
  deployOnce({ url, file, deployer, fund: [], log: line => lines.push(line) })
const codeAt = async (address: string, url = chain.url) =>
  String(await rpc(url, 'eth_getCode', [address, 'latest']))
const remembered = () => JSON.parse(readFileSync(file, 'utf8'))
const remember = (document: unknown) => writeFileSync(file, JSON.stringify(document))
const otherThan = (first: Record<string, string>, ...names: string[]) =>
  Object.fromEntries(names.map(name => [name, expect.not.stringMatching(first[name] ?? '')]))
const height = async () => Number(await rpc(chain.url, 'eth_blockNumber', []))

describe('the contracts of a local chain', () => {
  it('are all there after the first start, of which nothing needs to be said', async () => {
    const contracts = await deploy()
    expect(Object.keys(contracts).toSorted()).toEqual([...contractNames].toSorted())
    for (const address of Object.values(contracts)) {
      expect(address).toBe(address.toLowerCase())
      expect((await codeAt(address)).length).toBeGreaterThan(1000)
    }
    expect(new Set(Object.values(contracts)).size).toBe(contractNames.length)
    expect(lines).toEqual([])
  })

  it('stay where they are at the next start, which waits for no block', async () => {
    const first = await deploy()
    const file = JSON.stringify(remembered())
    const before = await height()
    expect(await deploy()).toEqual(first)
    expect((await height()) - before).toBeLessThanOrEqual(1)
    expect(JSON.stringify(remembered())).toBe(file)
    expect(lines).toEqual([])
  })

  it('are deployed where one was rebuilt, with those that name it, and the others stay', async () => {
    const first = await deploy()
    const document = remembered()
    document.contracts.deviceRegistry.code = `0x${'0'.repeat(64)}`
    remember(document)
    const second = await deploy()
    expect(second).toEqual({ ...first, ...otherThan(first, 'deviceRegistry', 'market', 'tills') })
    expect((await codeAt(second.deviceRegistry)).length).toBeGreaterThan(1000)
    expect(lines).toEqual(['The contracts have changed since the last start.'])
    expect(await deploy()).toEqual(second)
  })

  it('are deployed where a newer version has one more of them', async () => {
    const first = await deploy()
    const document = remembered()
    delete document.contracts.deviceRegistry
    document.contracts.ofAnotherVersion = document.contracts.registry
    remember(document)
    const second = await deploy()
    expect(second).toEqual({ ...first, ...otherThan(first, 'deviceRegistry', 'market', 'tills') })
    expect(lines).toEqual(['The contracts have changed since the last start.'])
  })

  it('keep the registry, and with it the releases, of a version that knew the registry alone', async () => {
    const { registry } = await deploy()
    const { transaction } = remembered().contracts.registry
    remember({ version: 2, registry, transaction, code: keccak256(firmwareRegistryBytecode) })
    const contracts = await deploy()
    expect(contracts.registry).toBe(registry)
    expect(remembered()).toMatchObject({ version: 3, contracts: { registry: { address: registry } } })
    expect(lines).toEqual([])

    remember({ version: 2, registry, transaction, code: `0x${'0'.repeat(64)}` })
    expect((await deploy()).registry).not.toBe(registry)
    expect(lines.join()).toContain('published again')
  })

  it.each([
    ['is gone', undefined],
    ['is damaged', '{"version": 3, "contr'],
    ['is of a version not known', '{"version": 9, "contracts": {}}'],
  ])('are put there anew where the memory of them %s', async (_what, content) => {
    const first = await deploy()
    if (content === undefined) rmSync(file)
    else writeFileSync(file, content)
    const second = await deploy()
    for (const name of contractNames) expect(second[name]).not.toBe(first[name])
  })

  it('are put on another chain, which is said', async () => {
    await deploy()
    const other = await startAnvil({ port: await freePort(), chainId, blockTime: 1 })
    try {
      const contracts = await deploy(other.url)
      for (const address of Object.values(contracts)) {
        expect((await codeAt(address, other.url)).length).toBeGreaterThan(1000)
      }
      expect(lines).toEqual([
        'This is another chain than last time.',
        'Releases are published again, under a new registry.',
      ])
    } finally {
      await other.stop()
    }
  })
})
