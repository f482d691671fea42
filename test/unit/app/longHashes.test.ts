// Newer parts hash with SHA-512 and sign the bytes themselves (pure Ed25519): image and key hashes of 64 bytes, from publishing to confirming.
import { expect, it } from 'vitest'
import { readImageFacts } from '../../../node/release/publish.ts'
import { buildImage, signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { decodeManifest, encodeManifest } from '../../../src/core/registry/manifest.ts'
import { ok } from '../../../src/core/result.ts'
import { appWorld, readingOf, until } from '../../fixtures/appWorld.ts'
import { demoModel } from '../../fixtures/release.ts'

const signer = { kind: 'ed25519', secretKey: new Uint8Array(32).fill(3), pure: true } as const
const image = (minor: number) =>
  buildImage({
    version: { major: 1, minor, revision: 0, build: 0 },
    securityCounter: 1,
    headerSize: 0x200,
    body: new Uint8Array(9000).fill(minor),
    signer,
  })

it('a device with 64-byte hashes is published for, updated, read back and found up to date', async () => {
  const facts = await readImageFacts(image(1))
  if (!facts.ok) throw new Error(facts.error.kind)
  const { keyHashes: _, ...described } = facts.value
  const { name: model, hardware } = demoModel
  const manifest = { model, hardware, ...described, validUntil: 4_000_000_000, notes: '', peers: [] }
  expect(manifest.imageHash.length).toBe(2 + 128)
  expect(manifest.keyHash.length).toBe(2 + 128)
  expect(decodeManifest(encodeManifest(manifest))).toEqual({ ok: true, value: manifest })

  const world = await appWorld({ running: image(0), device: { trustedKeys: [signerPublicKey(signer)] } })
  world.chainSays(ok(readingOf(manifest)))
  world.sourceGives(ok(image(1)))
  const key = await world.meet()
  const record = () => world.fob.devices.get()[0]?.record
  expect(record()?.running?.hash.length).toBe(2 + 128)
  await world.fob.startUpdate(key)
  await until(() => world.fob.updates.get().get(key)?.state.status === 'done')
  expect(world.device.runningVersion?.minor).toBe(1)
  await world.fob.checkDevice(key)
  expect(record()?.lastCheck?.decision.kind).toBe('upToDate')
})
