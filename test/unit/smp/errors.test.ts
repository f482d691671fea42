// Every form in which a device refuses, and Zephyr's numbers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborMap, decodeCborMap } from '../../../src/core/smp/cbor.ts'
import { deviceErrorName, readOutcome } from '../../../src/core/smp/errors.ts'

describe('the outcome in a response', () => {
  it.each<[string, CborMap]>([
    ['an empty map', {}],
    ['fields of an answer', { off: 512 }],
    ['rc 0, as version 1 says it', { rc: 0 }],
    ['err with rc 0', { err: { group: 1, rc: 0 } }],
    ["the shell's exit code", { o: '', ret: 1 }],
  ])('%s is success', (_, body) => {
    expect(readOutcome(body)).toEqual({ kind: 'success' })
  })

  it.each<[string, CborMap, number | null, number, string]>([
    ['{rc}', { rc: 8 }, null, 8, 'MGMT_ERR_ENOTSUP'],
    ["{rc} of the device's own", { rc: 256 }, null, 256, 'MGMT_ERR 256'],
    ['a negative {rc}', { rc: -5 }, null, -5, 'MGMT_ERR -5'],
    ['{err}', { err: { group: 1, rc: 30 } }, 1, 30, 'IMG_MGMT_ERR_INVALID_IMAGE_TOO_LARGE'],
    ['{err} of group 0', { err: { group: 0, rc: 3 } }, 0, 3, 'OS_MGMT_ERR_QUERY_YIELDS_NO_ANSWER'],
    ['{err} of an unknown group', { err: { group: 65, rc: 2 } }, 65, 2, 'group 65 error 2'],
    [
      '{err} beside {rc: 0}',
      { rc: 0, err: { group: 1, rc: 23 } },
      1,
      23,
      'IMG_MGMT_ERR_INVALID_IMAGE_HEADER_MAGIC',
    ],
    [
      '{ret}, before Zephyr 3.5',
      { ret: { group: 1, rc: 27 } },
      1,
      27,
      'IMG_MGMT_ERR_CURRENT_VERSION_IS_NEWER',
    ],
  ])('%s is an error', (_, body, group, rc, name) => {
    expect(readOutcome(body)).toEqual({ kind: 'error', error: { group, rc, name, reason: null } })
  })

  it("carries the device's own words", () => {
    expect(readOutcome({ rc: 1, rsn: 'app reject' })).toMatchObject({ error: { reason: 'app reject' } })
  })

  it.each<[string, CborMap]>([
    ['rc as text', { rc: '0' }],
    ['rc beyond 2^53', { rc: 2n ** 60n }],
    ['err as a number', { err: 0 }],
    ['err without rc', { err: { group: 1 } }],
    ['err with a negative rc', { err: { group: 1, rc: -1 } }],
    ['err as null', { err: null }],
  ])('%s is no success', (_, body) => {
    expect(readOutcome(body)).toMatchObject({ kind: 'malformed' })
  })

  it('never throws for whatever map a device sends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        const body = decodeCborMap(Uint8Array.from([0xa1, 0x62, 0x72, 0x63, ...bytes]))
        if (body.ok) expect(['success', 'error', 'malformed']).toContain(readOutcome(body.value).kind)
      }),
      { numRuns: 500 },
    )
  })
})

it('knows the numbers of img_mgmt.h and mgmt_defines.h', () => {
  expect(deviceErrorName(1, 33)).toBe('IMG_MGMT_ERR_IMAGE_SETTING_TEST_TO_ACTIVE_DENIED')
  expect(deviceErrorName(1, 9)).toBe('IMG_MGMT_ERR_NO_FREE_SLOT')
  expect(deviceErrorName(1, 31)).toBe('IMG_MGMT_ERR_INVALID_IMAGE_DATA_OVERRUN')
  expect(deviceErrorName(null, 10)).toBe('MGMT_ERR_EBUSY')
  expect(deviceErrorName(null, 13)).toBe('MGMT_ERR_UNSUPPORTED_TOO_NEW')
})
