// A hand-over without another phone, for looking at its screen: codes, and nobody who reads them.
import type { HandOver } from '../../src/app/ports/handOver.ts'
import { fail, ok } from '../../src/core/result.ts'

export const createFakeHandOver = (): HandOver => ({
  give: async () =>
    ok({
      code: `FOB:HAND:${'ABCDEFGH234567'.repeat(14)}`,
      meet: async () => fail({ kind: 'notAHandOverCode' }),
      end: () => {},
    }),
  take: async () => fail({ kind: 'notAHandOverCode' }),
})
