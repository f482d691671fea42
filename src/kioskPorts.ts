// What a kiosk needs of the browser, the chain and its owner's box, put together on first use: main.tsx loads it lazily.
import { deviceRegistryAbi } from '../contracts/generated/DeviceRegistry.ts'
import { marketAbi } from '../contracts/generated/Market.ts'
import type { KioskPorts } from './app/ports/kiosk.ts'
import type { Platform } from './app/ports/platform.ts'
import { toHex, utf8 } from './core/bytes.ts'
import { createEndpointHeaderSource } from './core/proof/headerSource.ts'
import { createMarketChain } from './io/chain/market/marketChain.ts'
import { connectEndpoints, defaultRpcOptions, withKnownChain } from './io/chain/rpc.ts'
import { openKeyStore } from './io/keys/keyDatabase.ts'
import { createKioskBox } from './io/kiosk/box.ts'
import { openGasKey } from './io/kiosk/gasKey.ts'
import { createKioskStores } from './io/kiosk/kioskStores.ts'
import { createKioskTills } from './io/kiosk/tills.ts'

/** Four to twelve digits are soon tried out by whoever has the tablet's disk: this makes it hours rather than seconds. */
const PIN_ROUNDS = 600_000

export function createKioskPorts({ platform }: { readonly platform: Platform }): KioskPorts {
  return {
    stores: createKioskStores(),
    box: createKioskBox(fetch),
    tills: createKioskTills(fetch.bind(globalThis)),
    gasKey: () => openGasKey(openKeyStore(), crypto),
    async chain({ chain }, depth) {
      const { id, endpoints, minAgreeing, maxAgeSeconds, contracts } = chain
      const { market, deviceRegistry } = contracts ?? {}
      if (!market) throw new Error('this network has no Market')
      const connected = connectEndpoints(endpoints, { ...defaultRpcOptions, fetch: fetch.bind(globalThis) })
      return createMarketChain(
        { chainId: id, endpoints, minAgreeing, maxAgeSeconds, deviceRegistry, market },
        {
          unixNow: platform.unixNow,
          abis: [marketAbi, deviceRegistryAbi],
          headerSource: createEndpointHeaderSource(
            connected.map(withKnownChain),
            id,
            Math.max(2, minAgreeing),
            depth,
          ),
        },
      )
    },
    async slowHash(text, salt) {
      const key = await crypto.subtle.importKey('raw', utf8(text), 'PBKDF2', false, ['deriveBits'])
      const work = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: PIN_ROUNDS }
      return toHex(new Uint8Array(await crypto.subtle.deriveBits(work, key, 256)))
    },
  }
}
