// Play money for new wallets: who gets how much, who gets none, and that it is really there.
import { erc20Abi, getAddress, parseEther, parseUnits } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Anvil, startAnvil } from '../../../node/chain/anvil.ts'
import { bankAddress } from '../../../node/chain/bank.ts'
import { publicClientFor } from '../../../node/chain/client.ts'
import { deployOnce } from '../../../node/chain/deploy.ts'
import { createFaucet } from '../../../node/chain/faucet.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { freePort } from '../../../node/http.ts'
import type { Address } from '../../../src/core/bytes.ts'
import { temporaryDirectory } from './temporary.ts'

let chain: Anvil
let token: Address
let contract: Address
let uses = 0
let faucet: (body: unknown) => Promise<number>

beforeAll(async () => {
  chain = await startAnvil({ port: await freePort(), chainId: 31_337, blockTime: 1 })
  const contracts = await deployOnce({
    url: chain.url,
    file: `${temporaryDirectory()}/deployment.json`,
    deployer: `0x${'5d'.repeat(32)}`,
    fund: [],
    log: () => {},
  })
  token = contracts.demoToken
  contract = contracts.registry
  faucet = createFaucet({ chain: async () => chain.url, onUse: () => uses++, token })
})
afterAll(() => chain.stop())

let made = 0
/** Never seen on this chain. */
const someone = (): Address => `0x${(0xabcdef0000 + made++).toString(16).padStart(40, 'd')}`

async function holdings(address: Address) {
  const client = publicClientFor(chain.url)
  const read = { address: token, abi: erc20Abi, functionName: 'balanceOf', args: [address] } as const
  return { coins: await client.getBalance({ address }), tokens: await client.readContract(read) }
}
const gift = { coins: parseEther('10'), tokens: parseUnits('500', 6) }

describe('the faucet', () => {
  it('gives a new account coins and tokens, which are there when it answers, once', async () => {
    const address = someone()
    expect(await faucet({ address: getAddress(address) })).toBe(204)
    expect(await holdings(address)).toEqual(gift)
    expect(await faucet({ address })).toBe(429)
    expect(await holdings(address)).toEqual(gift)
  })

  it('gives once to somebody who asks twice at the same time, and to somebody else beside him', async () => {
    const [impatient, other] = [someone(), someone()]
    const statuses = await Promise.all([impatient, impatient, other].map(address => faucet({ address })))
    expect(statuses).toEqual([204, 429, 204])
    expect(await holdings(impatient)).toEqual(gift)
    expect(await holdings(other)).toEqual(gift)
  })

  it('gives only what is missing', async () => {
    const address = someone()
    await rpc(chain.url, 'anvil_setBalance', [address, `0x${parseEther('6').toString(16)}`])
    expect(await faucet({ address })).toBe(204)
    expect(await holdings(address)).toEqual({ ...gift, coins: parseEther('6') })
    await rpc(chain.url, 'anvil_setBalance', [address, `0x${parseEther('1').toString(16)}`])
    expect(await faucet({ address })).toBe(204)
    expect(await holdings(address)).toEqual({ ...gift, coins: parseEther('11') })
  })

  it('lets the chain know that somebody waits for a block', async () => {
    const before = uses
    await faucet({ address: someone() })
    expect(uses).toBe(before + 1)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'address'],
    ['no address', {}],
    ['a number', { address: 1 }],
    ['a short address', { address: '0x1234' }],
    [
      'an address with a wrong checksum',
      { address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'.replace('5aA', '5Aa') },
    ],
    ['a name', { address: 'vitalik.eth' }],
    ['a list', [{ address: `0x${'ab'.repeat(20)}` }]],
    ['nobody’s account', { address: `0x${'00'.repeat(20)}` }],
  ])('refuses %s', async (_what, body) => {
    expect(await faucet(body)).toBe(400)
  })

  it('refuses a contract, and the account that gives', async () => {
    expect(await faucet({ address: contract })).toBe(400)
    expect(await faucet({ address: await bankAddress(chain.url) })).toBe(400)
  })

  it('goes on after the chain has failed once', async () => {
    let isDown = true
    const flaky = createFaucet({
      chain: async () => {
        if (isDown) throw new Error('the chain is gone')
        return chain.url
      },
      onUse: () => {},
      token,
    })
    await expect(flaky({ address: someone() })).rejects.toThrow('gone')
    isDown = false
    expect(await flaky({ address: someone() })).toBe(204)
  })
})
