import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../../../src/core/bytes.ts'
import { compareVersions, type ImageVersion, parseVersion } from '../../../src/core/mcuboot/version.ts'
import type { BlockReason, Decision, DeviceFacts, HighWater } from '../../../src/core/registry/decision.ts'
import type { UnprovenReason } from '../../../src/core/registry/evidence.ts'
import { imageDigest } from '../../../src/core/registry/manifest.ts'
import type { Model } from '../../../src/core/registry/model.ts'
import { decide, isRunningRevoked, type PolicyInput } from '../../../src/core/registry/policy.ts'
import type {
  Head,
  HeadReading,
  Manifest,
  ModelRecord,
  Revocation,
} from '../../../src/core/registry/release.ts'

const now = 1_800_000_000
const hash = (digit: string): Hex => `0x${digit.repeat(64)}`
const maker: Hex = `0x${'11'.repeat(20)}`
const version = (text: string): ImageVersion =>
  parseVersion(text) ?? { major: 0, minor: 0, revision: 0, build: 0 }

const model: Model = { maker, name: 'Fob Lock One', hardware: 'rev B' }
const manifest: Manifest = {
  model: model.name,
  hardware: model.hardware,
  version: version('1.2.0'),
  securityCounter: 5,
  cid: 'bafybeign7nyejb4vgwewhaxgwimwg6ofwmaavp6k5qtoa24u5kqmvab43y',
  size: 200_000,
  fileHash: hash('1'),
  imageHash: hash('2'),
  keyHash: hash('3'),
  validUntil: now + 1000,
  notes: '',
  peers: [],
}
const head: Head = {
  manifestHash: hash('4'),
  version: version('1.2.0'),
  seq: 7,
  minSecurityCounter: 4,
  updatedAt: now - 5000,
}
const record: ModelRecord = { maker, releaseKey: maker, guardian: maker, pending: null }
const device: DeviceFacts = {
  hardware: 'rev B',
  running: { version: version('1.1.0'), hash: hash('9') },
  slotSize: 220_000,
  modelIsSigned: true,
}
const block = { number: 100, hash: hash('b'), timestamp: now - 12 }
const reading: HeadReading = {
  evidence: { level: 'proven', block, endpoints: [], verifiedAt: now },
  record,
  head,
  manifest,
  revocations: [{ digest: hash('8'), reason: 1 }],
}
const since = { channel: 'stable', releaseKey: record.releaseKey } as const
const highWater: HighWater = { ...since, seq: 6, version: version('1.1.0'), securityCounter: 4 }
const input: PolicyInput = { device, model, reading, highWater, now, maxAgeSeconds: 600, remembered: false }

type Change = (input: PolicyInput) => PolicyInput
const withDevice =
  (change: Partial<DeviceFacts>): Change =>
  i => ({ ...i, device: { ...i.device, ...change } })
const withReading =
  (change: Partial<HeadReading>): Change =>
  i => ({ ...i, reading: i.reading && { ...i.reading, ...change } })
const withManifest =
  (change: Partial<Manifest>): Change =>
  i =>
    withReading({ manifest: i.reading?.manifest ? { ...i.reading.manifest, ...change } : null })(i)
const withHead =
  (change: Partial<Head>): Change =>
  i =>
    withReading({ head: i.reading?.head ? { ...i.reading.head, ...change } : null })(i)
const withHighWater =
  (change: Partial<HighWater>): Change =>
  i => ({ ...i, highWater: { ...highWater, ...change } })
const unproven = (reason: UnprovenReason): Change =>
  withReading({ evidence: { level: 'unproven', reason, block, endpoints: [], verifiedAt: now } })
const runsHead = withDevice({ running: { version: manifest.version, hash: manifest.imageHash } })

/** In the order of their importance: each must win over all that stand below it. */
const blocks: readonly (readonly [BlockReason, string, Change])[] = [
  ['unknownModel', 'nobody knows the model', i => ({ ...i, model: null, reading: null })],
  [
    'notRegistered',
    'the registry does not know the model',
    withReading({ record: null, head: null, manifest: null }),
  ],
  ['noRelease', 'the channel is empty', withReading({ head: null, manifest: null })],
  [
    'revoked',
    'the head’s image was withdrawn',
    withReading({ revocations: [{ digest: manifest.imageHash, reason: 0 }] }),
  ],
  ['expiredHead', 'the head is past its last second', withManifest({ validUntil: now - 1 })],
  ['rolledBackHead', 'a later head was seen before', withHighWater({ seq: 8 })],
  [
    'rolledBackHead',
    'a head of a greater version was seen before',
    withHighWater({ version: version('1.2.0+1') }),
  ],
  ['wrongHardware', 'the device says that it is another revision', withDevice({ hardware: 'rev A' })],
  ['wrongHardware', 'the manifest is for another revision', withManifest({ hardware: 'rev C' })],
  ['wrongHardware', 'the manifest is for another model', withManifest({ model: 'Fob Lock Two' })],
  ['unsigned', 'the manifest names no key', withManifest({ keyHash: hash('0') })],
  ['singleSlot', 'the device has room for one image', withDevice({ bootMode: 'singleSlot' })],
  [
    'wrongBootMode',
    'the release has a build for each slot and the device does not say that it needs them',
    withManifest({ slotImages: [hash('a'), hash('b')] }),
  ],
  [
    'downgradeVersion',
    'the device runs something newer',
    withDevice({ running: { version: version('1.3.0'), hash: hash('9') } }),
  ],
  [
    'downgradeVersion',
    'the manifest’s version is not the head’s',
    withManifest({ version: version('1.1.5') }),
  ],
  ['downgradeCounter', 'the counter is below the head’s minimum', withHead({ minSecurityCounter: 6 })],
  [
    'downgradeCounter',
    'the counter is below one that was seen before',
    withHighWater({ securityCounter: 6 }),
  ],
  ['tooLargeForSlot', 'the slot is too small', withDevice({ slotSize: 199_999 })],
  [
    'versionNotHigher',
    'the bootloader starts the higher version, and this is none',
    withDevice({ bootMode: 'ramLoad', running: { version: version('1.2.0'), hash: hash('9') } }),
  ],
]

describe('the release policy', () => {
  it('offers the update where nothing speaks against it', () => {
    expect(decide(input)).toEqual({ kind: 'update', manifest, confirm: [] })
    expect(decide({ ...input, highWater: null })).toMatchObject({ kind: 'update' })
    const little = withDevice({ hardware: null, running: null, slotSize: null })(input)
    expect(decide(little)).toEqual({ kind: 'update', manifest, confirm: [] })
  })

  it.each(blocks)('blocks with %s where %s', (reason, _, change) => {
    expect(decide(change(input))).toMatchObject({ kind: 'blocked', reason })
  })

  it('names the reason that matters most where several apply', () => {
    for (const [i, [reason, , change]] of blocks.entries()) {
      for (const [other, , changeBelow] of blocks.slice(i + 1)) {
        // The upper change is made last, so that it is not undone.
        const both = change(changeBelow(input))
        if (other !== reason) expect(decide(both), `${reason} over ${other}`).toMatchObject({ reason })
      }
    }
  })

  it('hands on the manifest that it refuses', () => {
    expect(decide(withManifest({ keyHash: hash('0') })(input))).toMatchObject({
      manifest: { keyHash: hash('0') },
    })
    expect(decide(withReading({ head: null, manifest: null })(input))).toMatchObject({ manifest: null })
  })

  it('takes the edges as they are meant', () => {
    expect(decide(withManifest({ validUntil: now })(input)).kind).toBe('update')
    expect(decide(withDevice({ slotSize: manifest.size })(input)).kind).toBe('update')
    expect(decide(withHighWater({ seq: 7, version: head.version, securityCounter: 5 })(input)).kind).toBe(
      'update',
    )
    expect(decide(withHead({ minSecurityCounter: 5 })(input)).kind).toBe('update')
  })

  it('replaces an image of the same version that is not the released one', () => {
    const running = { version: manifest.version, hash: hash('9') }
    expect(decide(withDevice({ running })(input)).kind).toBe('update')
  })

  it('says up to date for the head’s own image, also where it could not be written again', () => {
    expect(decide(runsHead(input))).toEqual({ kind: 'upToDate', manifest })
    expect(decide(withDevice({ slotSize: 1 })(runsHead(input))).kind).toBe('upToDate')
  })

  it.each<[string, Change]>([
    ['one endpoint', unproven('oneEndpoint')],
    ['no proofs', unproven('noProofs')],
    ['a lie', unproven('endpointLied')],
    ['a stale block', unproven('stale')],
    ['a remembered reading', i => ({ ...i, remembered: true })],
    ['a reading that grew old', i => ({ ...i, now: now + 589, maxAgeSeconds: 600 })],
    ['a block from the future', i => ({ ...i, now: block.timestamp - 601 })],
  ])('does not say up to date on %s', (_, change) => {
    expect(decide(withManifest({ validUntil: now + 10_000 })(change(runsHead(input)))).kind).toBe('unproven')
  })

  it('asks for what must be confirmed, and for nothing else', () => {
    const confirmOf = (changed: PolicyInput) => {
      const decision = decide(changed)
      return decision.kind === 'update' ? decision.confirm : decision
    }
    expect(confirmOf(unproven('oneEndpoint')(input))).toEqual(['unproven'])
    expect(confirmOf({ ...input, remembered: true })).toEqual(['remembered'])
    expect(confirmOf({ ...input, maxAgeSeconds: 11 })).toEqual(['remembered'])
    expect(confirmOf(withDevice({ modelIsSigned: false })(input))).toEqual(['modelChosen'])
    const all = withDevice({ modelIsSigned: false })(unproven('noProofs')({ ...input, remembered: true }))
    expect(confirmOf(all)).toEqual(['unproven', 'remembered', 'modelChosen'])
  })

  it.each<[NonNullable<DeviceFacts['bootMode']>, readonly string[], boolean]>([
    ['swap', [], false],
    ['overwrite', ['noWayBack'], false],
    ['directXip', ['noWayBack'], true],
    ['directXipRevert', [], true],
    ['ramLoad', ['noWayBack'], false],
    ['firmwareLoader', ['overwrittenByLoader'], false],
  ])(
    'where the bootloader is in mode %s, asks for %s, and knows whether each slot needs a build',
    (bootMode, confirm, hasBuilds) => {
      const slotImages = [hash('a'), hash('b')] as const
      const inMode = withDevice({ bootMode })(input)
      const fitting = hasBuilds ? withManifest({ slotImages })(inMode) : inMode
      const other = hasBuilds ? inMode : withManifest({ slotImages })(inMode)
      expect(decide(fitting)).toMatchObject({ kind: 'update', confirm })
      expect(decide(other)).toMatchObject({ kind: 'blocked', reason: 'wrongBootMode' })
    },
  )

  it('of a release with builds for slots, knows each of them: as up to date, and as withdrawn', () => {
    const direct = withDevice({ bootMode: 'directXip' })(
      withManifest({ slotImages: [hash('a'), hash('b')] })(input),
    )
    const running = { version: manifest.version, hash: hash('b') }
    expect(decide(withDevice({ running })(direct)).kind).toBe('upToDate')
    const withdrawn = withReading({ revocations: [{ digest: hash('b'), reason: 0 }] })(direct)
    expect(decide(withdrawn)).toMatchObject({ reason: 'revoked' })
    // Of the two builds one is written.
    expect(decide(withDevice({ slotSize: 100_000 })(direct)).kind).toBe('update')
    expect(decide(withDevice({ slotSize: 99_999 })(direct))).toMatchObject({ reason: 'tooLargeForSlot' })
  })

  it('blocks what a bootloader that starts the highest version would never start', () => {
    const sameVersion = (text: string) =>
      withDevice({ bootMode: 'ramLoad', running: { version: version(text), hash: hash('9') } })(input)
    expect(decide(sameVersion('1.2.0'))).toMatchObject({ reason: 'versionNotHigher' })
    expect(decide(sameVersion('1.1.9')).kind).toBe('update')
    const newBuild = withManifest({ version: version('1.2.0+5') })(
      withHead({ version: version('1.2.0+5') })(sameVersion('1.2.0+4')),
    )
    expect(decide(newBuild)).toMatchObject({ reason: 'versionNotHigher' })
    const swapped = withDevice({ bootMode: 'swap' })(newBuild)
    expect(decide(swapped).kind).toBe('update')
  })

  it('raises the alarm for a running image that was withdrawn, whatever the decision is', () => {
    const long: Hex = `0x${'77'.repeat(64)}`
    const running = { version: manifest.version, hash: long }
    expect(isRunningRevoked(running, [{ digest: imageDigest(long), reason: 0 }])).toBe(true)
    expect(isRunningRevoked(running, [{ digest: hash('7'), reason: 0 }])).toBe(false)
    expect(isRunningRevoked({ ...running, hash: hash('7') }, [{ digest: hash('7'), reason: 0 }])).toBe(true)
    expect(isRunningRevoked(null, [{ digest: hash('7'), reason: 0 }])).toBe(false)
  })
})

describe('whatever the input', () => {
  /** So that most inputs get past most refusals, and each is still met. */
  const mostly = <T>(usual: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others })
  const small = fc.nat({ max: 3 })
  const smallVersion = fc
    .tuple(small, small)
    .map(([major, minor]) => ({ major, minor, revision: 0, build: 0 }))
  const aHash = fc.constantFrom(hash('1'), hash('2'), hash('3'))
  const hardware = mostly('rev B', fc.constant('rev A'))
  const anyEvidence = fc.record({
    level: fc.constantFrom('proven' as const, 'unproven' as const),
    reason: fc.constantFrom<UnprovenReason>(
      'oneEndpoint',
      'noProofs',
      'endpointLied',
      'stale',
      'clockBehind',
    ),
    block: fc.record({
      number: small,
      hash: aHash,
      timestamp: mostly(now - 12, fc.integer({ min: now - 1000, max: now + 1000 })),
    }),
    endpoints: fc.constant([]),
    verifiedAt: fc.constant(now),
  })
  const anyRelease = fc
    .record({
      version: smallVersion,
      manifestVersion: mostly(null, smallVersion),
      seq: fc.integer({ min: 1, max: 4 }),
      minSecurityCounter: mostly(0, small),
      hardware,
      securityCounter: small,
      size: fc.nat({ max: 4 }),
      imageHash: aHash,
      keyHash: mostly(hash('3'), fc.constant(hash('0'))),
      validUntil: mostly(now + 20, fc.integer({ min: now - 2, max: now + 2 })),
    })
    .map(({ version: headVersion, manifestVersion, seq, minSecurityCounter, ...change }) => ({
      head: { ...head, version: headVersion, seq, minSecurityCounter },
      manifest: { ...manifest, ...change, version: manifestVersion ?? headVersion },
    }))
  const anyReading = fc
    .record({
      evidence: anyEvidence,
      record: mostly<ModelRecord | null>(record, fc.constant(null)),
      release: fc.option(anyRelease, { freq: 20 }),
      revocations: mostly<Revocation[]>(
        [],
        fc.array(fc.record({ digest: aHash, reason: small }), { maxLength: 2 }),
      ),
    })
    .map(({ release, ...rest }) => ({
      ...rest,
      head: release?.head ?? null,
      manifest: release?.manifest ?? null,
    }))
  const bootModes = ['swap', 'swap', 'swap', 'singleSlot', 'ramLoad', 'ramLoad', 'directXip', null] as const
  const anyInput: fc.Arbitrary<PolicyInput> = fc.record({
    device: fc.record({
      hardware: fc.option(hardware),
      running: fc.option(fc.record({ version: smallVersion, hash: aHash })),
      slotSize: mostly<number | null>(null, fc.nat({ max: 4 })),
      bootMode: fc.constantFrom<DeviceFacts['bootMode']>(...bootModes),
      modelIsSigned: fc.boolean(),
    }),
    model: fc.option(fc.record({ maker: fc.constant(maker), name: fc.constant(model.name), hardware }), {
      freq: 20,
    }),
    reading: fc.option(anyReading, { freq: 20 }),
    highWater: mostly<HighWater | null>(
      null,
      fc
        .record({ seq: small, version: smallVersion, securityCounter: small })
        .map(highest => ({ ...since, ...highest })),
    ),
    now: fc.constant(now),
    maxAgeSeconds: fc.constant(600),
    remembered: mostly(false, fc.constant(true)),
  })
  const always = (check: (input: PolicyInput, decision: Decision) => void) =>
    fc.assert(
      fc.property(anyInput, i => {
        check(i, decide(i))
      }),
      { numRuns: 1500 },
    )

  it('every outcome occurs', () => {
    const outcomes = fc.sample(anyInput, { numRuns: 3000, seed: 1 }).map(i => {
      const decision = decide(i)
      return decision.kind === 'blocked' ? decision.reason : decision.kind
    })
    const kinds = ['upToDate', 'update', 'unproven', ...blocks.map(([reason]) => reason)]
    for (const kind of kinds)
      expect(outcomes.filter(outcome => outcome === kind).length, kind).toBeGreaterThan(2)
  })

  it('up to date is said only on a proven, fresh reading, of the image that runs, if nobody withdrew it', () => {
    always((i, decision) => {
      if (decision.kind !== 'upToDate') return
      expect(i.reading?.evidence.level).toBe('proven')
      expect(Math.abs(now - (i.reading?.evidence.block.timestamp ?? 0))).toBeLessThanOrEqual(600)
      expect(i.remembered).toBe(false)
      expect(i.device.running?.hash).toBe(i.reading?.manifest?.imageHash)
      expect(isRunningRevoked(i.device.running, i.reading?.revocations ?? [])).toBe(false)
    })
  })

  it('an update never goes back in version, counter or sequence, never to a withdrawn or expired image', () => {
    always((i, decision) => {
      if (decision.kind !== 'update') return
      const { manifest: next } = decision
      const present = i.device.running?.version
      if (present) expect(compareVersions(next.version, present)).toBeGreaterThanOrEqual(0)
      expect(next.securityCounter).toBeGreaterThanOrEqual(i.highWater?.securityCounter ?? 0)
      expect(next.securityCounter).toBeGreaterThanOrEqual(i.reading?.head?.minSecurityCounter ?? 0)
      expect(i.reading?.head?.seq).toBeGreaterThanOrEqual(i.highWater?.seq ?? 0)
      expect(next.validUntil).toBeGreaterThanOrEqual(now)
      expect(i.reading?.revocations.map(({ digest }) => digest)).not.toContain(next.imageHash)
      expect(next.size).toBeLessThanOrEqual(i.device.slotSize ?? Number.POSITIVE_INFINITY)
      if (i.reading?.evidence.level === 'unproven') expect(decision.confirm).toContain('unproven')
    })
  })

  it('more doubt never turns a refusal into an update, nor takes a confirmation away', () => {
    const rank = { upToDate: 0, unproven: 1, update: 1, blocked: 2 } as const
    const confirmations = (decision: Decision) => (decision.kind === 'update' ? decision.confirm : [])
    always((i, decision) => {
      const evidence = i.reading?.evidence
      const doubts: PolicyInput[] = [
        { ...i, remembered: true },
        withDevice({ modelIsSigned: false })(i),
        evidence
          ? withReading({ evidence: { ...evidence, level: 'unproven', reason: 'oneEndpoint' } })(i)
          : i,
        { ...i, highWater: { ...since, seq: 9, version: version('9.0'), securityCounter: 9 } },
        i.reading
          ? withReading({ revocations: [...i.reading.revocations, { digest: hash('2'), reason: 0 }] })(i)
          : i,
      ]
      for (const doubt of doubts) {
        const doubted = decide(doubt)
        expect(rank[doubted.kind]).toBeGreaterThanOrEqual(rank[decision.kind])
        if (doubted.kind === 'update') {
          expect(doubted.confirm).toEqual(expect.arrayContaining([...confirmations(decision)]))
        }
      }
    })
  })
})
