// How an update is told: its place among the steps, what became of the device, and the receipt as text.
import { describe, expect, test } from 'vitest'
import { updateSteps } from '../../../src/core/update/state.ts'
import { en } from '../../../src/ui/i18n/en.ts'
import { formatsFor } from '../../../src/ui/i18n/formats.ts'
import { zh } from '../../../src/ui/i18n/zh.ts'
import { isWebAddress } from '../../../src/ui/screens/releases/Attestations.tsx'
import { hostOf } from '../../../src/ui/screens/settings/hostOf.ts'
import { deviceNow } from '../../../src/ui/screens/update/deviceNow.ts'
import { receiptText } from '../../../src/ui/screens/update/receiptText.ts'
import {
  groupAt,
  groupOfStep,
  placeOf,
  stepGroups,
  stepWords,
} from '../../../src/ui/screens/update/stepGroups.ts'
import { history, updateState } from '../../preview/fixtures.ts'

describe('the steps', () => {
  test('come in the order of their groups', () => {
    const order = updateSteps.map(step => stepGroups.indexOf(groupOfStep[step]))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(new Set(order).size).toBe(stepGroups.length)
  })

  test('are past before the present one and later after it', () => {
    expect(stepGroups.map(group => placeOf(group, 'verify', false))).toEqual([
      'past',
      'past',
      'now',
      'later',
      'later',
      'later',
    ])
    expect(placeOf('verify', 'verify', true)).toBe('stopped')
  })

  test('never go back to sending once the device was told to restart', () => {
    for (const step of updateSteps) {
      const group = groupAt({ step, swapRequested: true })
      expect(['restart', 'confirm']).toContain(group)
    }
  })

  test('say “reconnecting” when connecting for a second time', () => {
    const first = updateState('a', { step: 'connect', plan: null })
    const again = updateState('a', { step: 'connect' })
    expect(stepWords(first, en.update)).toBe(en.update.steps.connect)
    expect(stepWords(again, en.update)).toBe(en.update.reconnecting)
    expect(stepWords({ ...again, swapRequested: true }, en.update)).toBe(en.update.steps.restart)
  })
})

describe('after an update stopped, the device', () => {
  const failed = (change: Parameters<typeof updateState>[1]) =>
    deviceNow(updateState('a', { status: 'failed', ...change }))

  test('that has a loader waits in it, whether or not something was written, unless it never got there', () => {
    const plan = updateState('a', {}).plan
    if (!plan) throw new Error('a state without a plan')
    const ofLoader = { plan: { ...plan, confirm: ['overwrittenByLoader'] as const }, step: 'upload' } as const
    expect(failed({ ...ofLoader, hasWritten: false })).toBe('untouched')
    expect(failed({ ...ofLoader, hasWritten: false, loaderRequested: true })).toBe('inLoader')
    expect(failed({ ...ofLoader, hasWritten: true })).toBe('inLoader')
    const failure = { kind: 'loaderNotEntered', step: 'upload', detail: null, reason: null } as const
    expect(failed({ ...ofLoader, hasWritten: false, loaderRequested: true, failure })).toBe('untouched')
    expect(failed({ ...ofLoader, swapRequested: true })).toBe('startsNew')
  })

  test('is untouched while nothing was sent', () => {
    expect(failed({ step: 'check' })).toBe('untouched')
    expect(failed({ step: 'fetch', progress: { done: 10, total: 20 } })).toBe('untouched')
    expect(failed({ step: 'upload', progress: { done: 0, total: 20 } })).toBe('untouched')
  })

  test('holds a part that does not start once something was sent', () => {
    expect(failed({ step: 'upload', progress: { done: 1, total: 20 }, hasWritten: true })).toBe('partly')
    expect(failed({ step: 'inspect', bytesSent: 20, hasWritten: true })).toBe('partly')
  })

  test('is not claimed to run either image until it was read back', () => {
    expect(failed({ step: 'restart', bytesSent: 20, swapRequested: true })).toBe('restarted')
  })

  test('is back on its old firmware when it reverted', () => {
    const failure = { kind: 'reverted', step: 'readBack', detail: null, reason: null } as const
    expect(failed({ step: 'readBack', swapRequested: true, failure })).toBe('reverted')
  })
})

describe('a receipt as text', () => {
  const event = history('a').find(entry => entry.event.kind === 'updated')?.event
  if (event?.kind !== 'updated') throw new Error('the fixtures hold no receipt')
  const { receipt } = event

  test('names the chain and the registry that it was proven with', () => {
    const chain = { id: 5, name: 'Fifth', registry: `0x${'5a'.repeat(20)}` } as const
    const { body } = receiptText({ ...receipt, chain }, en, formatsFor('en'))
    expect(body).toContain('Fifth (5)')
    expect(body).toContain(chain.registry)
  })

  test.each([
    ['English', en, formatsFor('en')],
    ['Chinese', zh, formatsFor('zh')],
  ] as const)('holds in %s every hash in full', (_, messages, formats) => {
    const { title, body } = receiptText(receipt, messages, formats)
    for (const value of [
      receipt.imageHash,
      receipt.manifest.fileHash,
      receipt.evidence.block.hash,
      receipt.model.maker,
      receipt.deviceId ?? '',
      receipt.model.name,
    ]) {
      expect(body).toContain(value)
    }
    expect(title).toContain('1.1.4')
    expect(title).toContain('1.2.0')
    expect(body.startsWith(title)).toBe(true)
  })

  test('does not name a device ID that the device never gave', () => {
    const { body } = receiptText({ ...receipt, deviceId: null }, en, formatsFor('en'))
    expect(body).not.toContain(en.device.deviceId)
  })
})

describe('what comes from outside', () => {
  test('an auditor’s text becomes a link only if it is a web address', () => {
    expect(isWebAddress('https://audit.example/report')).toBe(true)
    for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'ipfs://report', ' https://x', '']) {
      expect(isWebAddress(uri)).toBe(false)
    }
  })

  test('an endpoint’s path, which may hold a key, is not shown', () => {
    expect(hostOf('https://user:secret@rpc.example:8545/v3/SECRET?key=SECRET')).toBe('rpc.example:8545')
    expect(hostOf('not an address')).not.toContain('not')
  })
})
