// Random sequences of calls by random people at random times: the chain does what the model in TypeScript does.
import fc from 'fast-check'
import { type Address, type Hex, stringToHex, toHex, zeroAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firmwareRegistryAbi } from '../../contracts/generated/FirmwareRegistry.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { type Registry, rotationDelay, startRegistry } from './registry.ts'
import { type Call, RegistryModel } from './registryModel.ts'

let registry: Registry
beforeEach(async () => {
  registry = await startRegistry()
})
afterEach(() => registry?.stop())

const channels = ['stable', 'beta'].map(name => stringToHex(name, { size: 32 }))
const digests: Hex[] = [`0x${'d1'.repeat(32)}`, `0x${'00'.repeat(31)}d2`]

interface Step {
  /** `rightful`: whoever may do this at that moment, if anybody does. */
  readonly from: Address | 'rightful'
  readonly call: Call
  /** Seconds since the last step. */
  readonly wait: number
}

const calls = <N extends Call['name'], A>(name: N, args: fc.Arbitrary<A>) =>
  args.map(args => ({ name, args }))

/** Few people, models and versions, so that calls meet each other's effects. */
function steps(people: readonly Address[], modelIds: readonly Hex[], run: number): fc.Arbitrary<Step[]> {
  const person = fc.constantFrom(...people)
  const personOrNone = fc.oneof(person, person, fc.constant(zeroAddress))
  const modelId = fc.constantFrom(...modelIds.slice(0, 1), ...modelIds)
  const digest = fc.constantFrom(...digests)
  const name = fc.constantFrom(`Lock ${run}`, `Lock ${run}`, `锁 ${run}`, '', 'x'.repeat(65), '锁'.repeat(22))
  const hardware = fc.constantFrom('A', 'A', 'A', 'B', '')
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 80 }),
    fc.uint8Array({ minLength: 1, maxLength: 80 }),
    fc.constantFrom(0, 4096, 4097).map(length => new Uint8Array(length)),
  )
  const channel = fc.constantFrom(...channels.slice(0, 1), ...channels.slice(0, 1), ...channels)
  const small = fc.bigInt({ min: 0n, max: 30n })
  const version = fc.oneof(small, small, small, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  const counter = fc.integer({ min: 0, max: 9 })
  const publish = fc.tuple(
    modelId,
    channel,
    version,
    counter,
    bytes.map(manifest => toHex(manifest)),
  )
  const uri = fc.constantFrom('', 'ipfs://report', 'u'.repeat(513))
  const call: fc.Arbitrary<Call> = fc.oneof(
    calls('createModel', fc.tuple(name, hardware, personOrNone, personOrNone)),
    calls('setGuardian', fc.tuple(modelId, personOrNone)),
    calls('proposeReleaseKey', fc.tuple(modelId, personOrNone)),
    calls('acceptReleaseKey', fc.tuple(modelId)),
    calls('cancelReleaseKey', fc.tuple(modelId)),
    calls('publish', publish),
    calls('publish', publish),
    calls('publish', publish),
    calls('publish', publish),
    calls('revoke', fc.tuple(modelId, digest, fc.integer({ min: 0, max: 255 }))),
    calls('attest', fc.tuple(modelId, digest, fc.boolean(), uri)),
    calls('attest', fc.tuple(modelId, digest, fc.boolean(), uri)),
  )
  const from = fc.oneof(person, fc.constant('rightful' as const), fc.constant('rightful' as const))
  const wait = fc.constantFrom(1, 1, 60, rotationDelay - 1, rotationDelay)
  const step: fc.Arbitrary<Step> = fc.record({ from, call, wait })
  // A whole rotation, for random calls alone rarely add up to one.
  const rotation: fc.Arbitrary<Step[]> = fc
    .record({ id: modelId, key: person, wait, end: fc.constantFrom('acceptReleaseKey', 'cancelReleaseKey') })
    .map(({ id, key, wait, end }) => [
      { from: 'rightful', call: { name: 'proposeReleaseKey', args: [id, key] }, wait: 1 },
      { from: 'rightful', call: { name: end, args: [id] }, wait },
    ])
  const part = fc.oneof({ weight: 6, arbitrary: fc.tuple(step) }, { weight: 2, arbitrary: rotation })
  return fc.array(part, { minLength: 15, maxLength: 40, size: 'max' }).map(parts => parts.flat())
}

/** Every name that the ABI gives to an event or an error of a call. */
const namesOf = (type: 'event' | 'error') =>
  firmwareRegistryAbi.flatMap(item => (item.type === type ? [item.name as string] : []))

test('the registry does what its model in TypeScript does, call by call', async () => {
  const { client, people, read, send } = registry
  const cast = people.slice(0, 4)
  const [maker, releaseKey, guardian] = cast
  if (!maker || !releaseKey || !guardian) throw new Error('the chain has too few accounts')
  const model = new RegistryModel(rotationDelay)
  const seen = new Set<string>()
  let clock = await registry.now()

  const rightful = ({ name, args }: Call): Address => {
    if (name === 'createModel' || name === 'attest') return maker
    const record = model.modelOf(args[0])
    if (name === 'publish') return record.releaseKey
    if (name === 'acceptReleaseKey') return record.pendingReleaseKey
    return name === 'revoke' ? record.guardian : record.maker
  }

  const take = async ({ from, call, wait }: Step) => {
    const chosen = from === 'rightful' ? rightful(call) : from
    const caller = chosen === zeroAddress ? maker : chosen
    clock += wait
    const block = { number: Number(await client.getBlockNumber()) + 1, timestamp: clock }
    const expected = model.apply(caller, call, block)
    const outcome = await send(caller, call.name, call.args, clock)
    if (outcome.ok)
      expect({ ok: true, events: outcome.events, block: outcome.block }).toEqual({ ...expected, block })
    else expect(outcome).toEqual(expected)
    for (const name of outcome.ok ? outcome.events.map(event => event.name) : [outcome.error]) seen.add(name)
    if (call.name === 'createModel') return
    const [id] = call.args
    expect(await read.modelOf([id])).toEqual(model.modelOf(id))
    if (call.name === 'attest') {
      const key = [id, call.args[1], caller] as const
      expect(await read.attestationOf(key)).toEqual(model.attestationOf(...key))
    }
  }

  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async generate => {
      run++
      const hardware = 'A'
      const names = [`Lock ${run}`, `锁 ${run}`, `never registered ${run}`]
      for (const name of names.slice(0, 2)) {
        const call = { name: 'createModel', args: [name, hardware, releaseKey, guardian] } as const
        await take({ from: maker, call, wait: 1 })
      }
      const modelIds = names.map(name => modelIdOf({ maker, name, hardware }))
      for (const step of generate(steps, cast, modelIds, run)) await take(step)
      for (const id of modelIds) {
        expect(await read.modelOf([id])).toEqual(model.modelOf(id))
        for (const channel of channels) {
          expect(await read.headOf([id, channel])).toEqual(model.headOf(id, channel))
        }
      }
    }),
    { numRuns: 16, endOnFailure: true },
  )

  // Or the sequences would have been too tame to mean anything. A few rare ones may be missing by chance; each has its
  // own test elsewhere.
  const possible = [...namesOf('event'), ...namesOf('error')].filter(name => name !== 'InvalidRotationDelay')
  expect(possible).toEqual(expect.arrayContaining([...seen]))
  expect(seen.size).toBeGreaterThanOrEqual(possible.length - 3)
})
