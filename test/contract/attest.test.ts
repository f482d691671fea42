// Auditors' words for and against images.
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, cast } from './cast.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

const digest: Hex = `0x${'d1'.repeat(32)}`
const [none, approved, rejected] = [0, 1, 2]

test.each([
  [true, approved],
  [false, rejected],
])('an auditor speaks (approves: %s), and it can be read', async (approves, verdict) => {
  const { modelId } = await who.newModel()
  const uri = 'https://audits.example/报告.pdf'
  const outcome = await registry.send(who.auditor, 'attest', [modelId, digest, approves, uri])
  if (!outcome.ok) throw new Error(outcome.error)
  expect(outcome.events).toEqual([
    { name: 'Attested', args: { modelId, digest, auditor: who.auditor, approves, uri } },
  ])
  expect(await registry.read.attestationOf([modelId, digest, who.auditor])).toEqual({
    verdict,
    attestedAt: outcome.block.timestamp,
    blockNumber: outcome.block.number,
  })
})

test('a later word of the same auditor replaces the earlier', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.auditor, 'attest', [modelId, digest, true, ''])
  await registry.send(who.auditor, 'attest', [modelId, digest, false, ''])
  expect(await registry.read.attestationOf([modelId, digest, who.auditor])).toMatchObject({
    verdict: rejected,
  })
})

test('words of other auditors, on other images and models, stand apart', async () => {
  const { modelId } = await who.newModel()
  const { modelId: otherModel } = await who.newModel()
  await registry.send(who.auditor, 'attest', [modelId, digest, true, ''])
  await registry.send(who.stranger, 'attest', [modelId, digest, false, ''])
  const untouched = { verdict: none, attestedAt: 0, blockNumber: 0 }
  expect(await registry.read.attestationOf([modelId, digest, who.auditor])).toMatchObject({
    verdict: approved,
  })
  expect(await registry.read.attestationOf([modelId, digest, who.stranger])).toMatchObject({
    verdict: rejected,
  })
  expect(await registry.read.attestationOf([modelId, modelId, who.auditor])).toEqual(untouched)
  expect(await registry.read.attestationOf([otherModel, digest, who.auditor])).toEqual(untouched)
})

test('an attestation gives no right and revokes nothing', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.auditor, 'attest', [modelId, digest, false, ''])
  expect((await registry.read.modelOf([modelId])).revocations).toBe(modelId)
  expect(await registry.send(who.auditor, 'revoke', [modelId, digest, 1])).toMatchObject({
    error: 'NotRevoker',
  })
})

test('a model that nobody registered can not be attested', async () => {
  expect(await registry.send(who.auditor, 'attest', [digest, digest, true, ''])).toEqual({
    ok: false,
    error: 'UnknownModel',
    args: [digest],
  })
})

test('a URI has at most 512 bytes', async () => {
  const { modelId } = await who.newModel()
  expect(await registry.send(who.auditor, 'attest', [modelId, digest, true, 'u'.repeat(513)])).toEqual({
    ok: false,
    error: 'InvalidUriLength',
    args: [513n],
  })
  expect(await registry.send(who.auditor, 'attest', [modelId, digest, true, 'u'.repeat(512)])).toMatchObject({
    ok: true,
  })
})
