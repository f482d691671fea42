// The app's one wallet: loaded when it is first asked for, with the network that counts.
import { describe, expect, it } from 'vitest'
import { createFob } from '../../../src/app/createFob.ts'
import { appWorld, until } from '../../fixtures/appWorld.ts'
import { memoryPlatform, memoryStores } from '../../fixtures/memoryPorts.ts'
import { WalletWorld } from '../../fixtures/walletWorld.ts'

describe('the app’s wallet', () => {
  it('is made once, and tried again where its code did not load', async () => {
    const wallets = new WalletWorld()
    const tab = await wallets.browser.open()
    let tries = 0
    const { fob } = await appWorld({
      ports: () => ({
        wallet: async () => {
          if (++tries === 1) throw new Error('offline')
          return wallets.ports(tab)
        },
      }),
    })
    await expect(fob.wallet()).rejects.toThrow('offline')
    const [one, two] = await Promise.all([fob.wallet(), fob.wallet()])
    expect(one).toBe(two)
    expect(await fob.wallet()).toBe(one)
    expect(tries).toBe(2)
    expect(one.owner.get()).toBeNull()
  })

  it('waits for a network, without which nothing of it can be told', async () => {
    const wallets = new WalletWorld()
    const tab = await wallets.browser.open()
    const platform = memoryPlatform()
    const { platform: online } = await appWorld()
    const unused = async (): Promise<never> => Promise.reject(new Error('not in this test'))
    const fob = createFob({
      platform,
      stores: memoryStores(),
      storeProblem: { get: () => null, subscribe: () => () => {} },
      bluetooth: {
        source: 'bluetooth',
        radioState: async () => 'ready',
        choose: unused,
        known: async () => [],
        connect: unused,
        forget: unused,
      },
      demo: unused,
      chain: unused,
      firmware: unused,
      wallet: async () => wallets.ports(tab),
      market: unused,
      serving: unused,
      kiosk: unused,
      channels: unused,
      handOver: unused,
      ways: unused,
    })
    await until(() => fob.network.get().status === 'missing')
    let isOpen = false
    void fob.wallet().then(() => {
      isOpen = true
    })
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(isOpen).toBe(false)
    platform.documents.set('network.json', online.documents.get('network.json'))
    await fob.reloadNetwork()
    await until(() => isOpen)
  })
})
