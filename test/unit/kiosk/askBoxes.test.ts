// Asking boxes for their owner's answer: one that is away is asked again, one that leaves it to its owner is not.
import { expect, test } from 'vitest'
import { askBoxes } from '../../../src/app/kiosk/askBoxes.ts'
import type { KioskBox } from '../../../src/app/ports/kiosk.ts'
import { fail, ok } from '../../../src/core/result.ts'

const deviceId = `0x${'21'.repeat(32)}` as const
const away = fail({ kind: 'serviceUnreachable' })

const asked = (answers: Readonly<Record<string, Awaited<ReturnType<KioskBox['ask']>>>>) =>
  askBoxes({ ask: async url => answers[url] ?? away }, Object.keys(answers), deviceId, 'FOB:KIOSK:X')

test('the first box that answers is enough, whoever else is away', async () => {
  const answers = { a: ok(null), b: away, c: ok('FOB:SELLER:X') }
  expect(await asked(answers)).toEqual({ kind: 'answer', text: 'FOB:SELLER:X' })
})

test('while a box is away it may be the one that answers; where all leave it to their owner, none does', async () => {
  expect(await asked({ a: ok(null), b: away })).toEqual({ kind: 'later' })
  expect(await asked({ a: ok(null), b: ok(null) })).toEqual({ kind: 'nobody' })
  expect(await asked({})).toEqual({ kind: 'nobody' })
})
