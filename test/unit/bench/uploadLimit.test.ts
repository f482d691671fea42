// What is promised of the upload: at least nine tenths of what each modelled link carries, and on most three times one request at a time.
import { expect, it } from 'vitest'
import { measureUpload, rawThroughput, uploadedFirmware } from '../../bench/groups/upload.ts'
import { presets } from '../../bench/link/presets.ts'

it.each(presets)('over the link of the %s', async (_, radio) => {
  // Firmware of a usual size: the opening packet waits for its answer, which weighs more on a smaller one.
  const firmware = uploadedFirmware(262_144)
  const limit = await rawThroughput(radio, firmware.size)
  const { throughput } = await measureUpload(firmware, radio)
  const oneByOne = await measureUpload(uploadedFirmware(32_768), radio, { params: null, window: 1 })
  expect(throughput / limit).toBeGreaterThan(0.9)
  // A link that carries less than that cannot be made to.
  const possible = Math.min(3, (0.9 * limit) / oneByOne.throughput)
  expect(throughput / oneByOne.throughput).toBeGreaterThan(possible)
})
