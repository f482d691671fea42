// What the contracts' writes cost, against the bounds that were promised.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeManifest } from '../../src/core/registry/manifest.ts'
import { type Anchors, measureAnchorsGas, startAnchors } from './anchors.ts'
import { type Channels, startChannels } from './channels.ts'
import { measureChannelsGas } from './channelsGas.ts'
import { measureDeviceGas } from './deviceGas.ts'
import { type DeviceRegistry, startDeviceRegistry } from './deviceRegistry.ts'
import { type GasRow, measureGas, typicalManifest } from './gas.ts'
import { type Market, startMarket } from './market.ts'
import { measureMarketGas } from './marketGas.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let devices: DeviceRegistry
let channels: Channels
let market: Market
let anchors: Anchors
let rows: GasRow[]
beforeAll(async () => {
  registry = await startRegistry()
  devices = await startDeviceRegistry()
  channels = await startChannels()
  market = await startMarket()
  anchors = await startAnchors()
  rows = [
    ...(await measureGas(registry)),
    ...(await measureDeviceGas(devices)),
    ...(await measureChannelsGas(channels)),
    ...(await measureMarketGas(market)),
    ...(await measureAnchorsGas(anchors)),
  ]
  for (const { name, gas, bound } of rows) {
    console.log(`${name.padEnd(46)} ${gas}${bound === null ? '' : ` (at most ${bound})`}`)
  }
})
afterAll(async () => {
  await registry?.stop()
  await devices?.stop()
  await channels?.stop()
  await market?.stop()
  await anchors?.stop()
})

test('the manifest that is measured has the size of a real one', () => {
  expect(encodeManifest(typicalManifest(0x01020304)).length).toBe(210)
})

test.each([
  'gas: publish, after the first',
  'gas: publish, no byte of it zero',
  'gas: revoke, by maker',
  'gas: revoke, by release key',
  'gas: revoke, by guardian',
  'gas: claim, an owner’s first device',
  'gas: claim, another',
  'gas: file a Config, after the first',
  'gas: report a device lost',
  'gas: report a device found',
  'gas: hand-over, sent by the owner',
  'gas: hand-over, sent by a third',
  'gas: open a channel, native',
  'gas: claim a voucher, the first, native',
  'gas: order, native, one night',
  'gas: fulfil, two payees',
])('%s: within its bound', name => {
  const row = rows.find(row => row.name === name)
  expect(row?.bound).toBeTypeOf('number')
  expect(row?.gas).toBeGreaterThan(21_000)
  expect(row?.gas).toBeLessThanOrEqual(row?.bound ?? 0)
})
