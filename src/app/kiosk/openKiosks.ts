// A kiosk, its owner and its buyers, each made when it is first asked for, over what the app has made already.
import type { Devices } from '../devices.ts'
import { once } from '../once.ts'
import type { Ports, WalletPorts } from '../ports.ts'
import type { WalletInside } from '../wallet/createWallet.ts'
import { OwnerKey } from '../wallet/ownership/ownerKey.ts'
import { signingContextOf } from '../wallet/signingContext.ts'
import { unreachableChain } from '../wallet/unreachableChain.ts'
import { Part, type World } from '../world.ts'
import { createBuyer } from './buyer/createBuyer.ts'
import { createKiosk } from './createKiosk.ts'
import { depthChains } from './depthChains.ts'
import { createKioskOwner } from './owner/createKioskOwner.ts'
import { MAX_PICTURE } from './pictures.ts'

interface Made {
  readonly ports: Ports
  readonly world: World
  readonly devices: Devices
  readonly walletPorts: () => Promise<WalletPorts>
  readonly wallet: () => Promise<WalletInside>
}

export function openKiosks({ ports, world, devices, walletPorts, wallet }: Made) {
  const { platform } = ports
  const config = () => world.config
  const kioskPorts = once(() => ports.kiosk())
  const file = async (cid: string, gateways: readonly string[]) => {
    const source = await world.firmware()
    const request = { cid, size: MAX_PICTURE, peers: [], gateways }
    return source.fetch(request, { signal: new AbortController().signal, onProgress: () => {} })
  }
  const orderPeers = async () => (await world.firmware()).orders

  const withWallet = once(async () => {
    const [own, walletOwn, inside] = await Promise.all([kioskPorts(), walletPorts(), wallet()])
    const chains = new Part(
      made => walletOwn.chain(made),
      ({ chain }) => chain,
    )
    const context = () =>
      signingContextOf({
        config: config(),
        abis: walletOwn.abis,
        knownAddresses: [],
        isExpert: false,
        now: platform.unixNow(),
      })
    return {
      ...{ platform, ports: own, config, wallet: inside, orderPeers, file },
      walletChain: () => chains.of(config()).catch(() => unreachableChain),
      chainAt: depthChains(own, config),
      ownerKey: new OwnerKey(walletOwn.vault, walletOwn.stores.values, context),
    }
  })

  return {
    kiosk: once(async () => {
      const [own, walletOwn, { services }] = await Promise.all([kioskPorts(), walletPorts(), ports.market()])
      return createKiosk({
        ...{ platform, ports: own, walletPorts: walletOwn, services, config, devices },
        port: source => world.device(source),
        writeSizes: world.writeSizes,
        orderPeers,
        file,
      })
    }),
    kioskOwner: once(async () => createKioskOwner(await withWallet())),
    saleBuyer: once(async () => createBuyer(await withWallet())),
  }
}
