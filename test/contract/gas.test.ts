// What the registry's writes cost, against the bounds that were promised.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeManifest } from '../../src/core/registry/manifest.ts'
import { type GasRow, measureGas, typicalManifest } from './gas.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let rows: GasRow[]
beforeAll(async () => {
  registry = await startRegistry()
  rows = await measureGas(registry)
  for (const { name, gas, bound } of rows) {
    console.log(`${name.padEnd(34)} ${gas}${bound === null ? '' : ` (at most ${bound})`}`)
  }
})
afterAll(() => registry?.stop())

test('the manifest that is measured has the size of a real one', () => {
  expect(encodeManifest(typicalManifest(0x01020304)).length).toBe(210)
})

test.each([
  'gas: publish, after the first',
  'gas: publish, no byte of it zero',
  'gas: revoke, by maker',
  'gas: revoke, by release key',
  'gas: revoke, by guardian',
])('%s: within its bound', name => {
  const row = rows.find(row => row.name === name)
  expect(row?.bound).toBeTypeOf('number')
  expect(row?.gas).toBeGreaterThan(21_000)
  expect(row?.gas).toBeLessThanOrEqual(row?.bound ?? 0)
})
