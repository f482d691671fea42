// What a phone downloads for the first screen and for each part after it, against the limits that `npm test` enforces.
import { measureSizes } from '../../sizes.ts'
import { builtApp } from '../builtApp.ts'
import type { Group, Row } from '../row.ts'

export const group: Group = {
  name: 'Size of the production build, gzip',
  async run() {
    await builtApp()
    return (await measureSizes()).map(
      ({ name, bytes, limit }): Row => ({
        name: shortName(name),
        value: bytes / 1000,
        unit: 'kB',
        reference: { name: 'the limit', value: limit / 1000 },
        better: 'lower',
        runs: 1,
      }),
    )
  },
}

/** A part is named by the module that is imported lazily: ours below src, or a package. */
const shortName = (name: string): string =>
  name.replace(/^src\//, '').replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, '$1')
