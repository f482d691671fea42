// What each write to the contracts costs, against what was promised for it, or else against a plain transfer.

import { receiptOf } from '../../chain.ts'
import { measureAnchorsGas, startAnchors } from '../../contract/anchors.ts'
import { startChannels } from '../../contract/channels.ts'
import { measureChannelsGas } from '../../contract/channelsGas.ts'
import { measureDeviceGas } from '../../contract/deviceGas.ts'
import { startDeviceRegistry } from '../../contract/deviceRegistry.ts'
import { measureGas } from '../../contract/gas.ts'
import { startMarket } from '../../contract/market.ts'
import { measureMarketGas } from '../../contract/marketGas.ts'
import { startRegistry } from '../../contract/registry.ts'
import type { Group, Row } from '../row.ts'

export const group: Group = {
  name: 'Gas of each write to the contracts (Osaka, whole transactions)',
  async run() {
    const registry = await startRegistry()
    const devices = await startDeviceRegistry()
    const channels = await startChannels()
    const market = await startMarket()
    const anchors = await startAnchors()
    try {
      const { client, deployer } = registry
      const [to] = registry.people
      if (to === undefined) throw new Error('the chain has no second account')
      const hash = await client.sendTransaction({ account: deployer, to, value: 1n })
      const transfer = Number((await receiptOf(client, hash)).gasUsed)
      const rows = [
        ...(await measureGas(registry)),
        ...(await measureDeviceGas(devices)),
        ...(await measureChannelsGas(channels)),
        ...(await measureMarketGas(market)),
        ...(await measureAnchorsGas(anchors)),
      ]
      return rows.map(
        ({ name, gas, bound }): Row => ({
          name: name.replace(/^gas: /, ''),
          value: gas,
          unit: 'gas',
          reference:
            bound === null
              ? { name: 'a plain transfer', value: transfer }
              : { name: 'the bound', value: bound },
          better: 'lower',
          runs: 1,
        }),
      )
    } finally {
      await registry.stop()
      await devices.stop()
      await channels.stop()
      await market.stop()
      await anchors.stop()
    }
  },
}
