// Random sequences of calls by random people, rightly and wrongly signed: the chain does what the model in TypeScript does.
import fc from 'fast-check'
import { type Address, getAddress, type Hex, zeroAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deviceRegistryAbi } from '../../contracts/generated/DeviceRegistry.ts'
import { type HandOver, handOverTypedData } from '../../src/core/registry/deviceStatements.ts'
import { account, configOf, type DeviceRegistry, type Person, startDeviceRegistry } from './deviceRegistry.ts'
import { type Call, DeviceRegistryModel, type Signed } from './deviceRegistryModel.ts'
import { configArgument, lower, type TestDevice, testDevice } from './testDevice.ts'

let registry: DeviceRegistry
beforeEach(async () => {
  registry = await startDeviceRegistry()
})
afterEach(() => registry?.stop())

interface Step {
  /** `rightful`: the device's owner, or who it shall be. */
  readonly from: Address | 'rightful'
  readonly call: Call
  /** Seconds since the last step. */
  readonly wait: number
}

/** Few people, devices and numbers, so that calls meet each other's effects. Deadlines are seconds from the step's block. */
function steps(people: readonly Address[], devices: readonly Hex[]): fc.Arbitrary<Step[]> {
  const person = fc.constantFrom(...people)
  const deviceId = fc.constantFrom(...devices, ...devices.slice(0, 1))
  const accounts = [getAddress(account(1)), getAddress(account(2)), ...people.slice(0, 2)]
  const anAccount = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...accounts) },
    { weight: 1, arbitrary: fc.constant<Address>(zeroAddress) },
  )
  const newOwner = fc.oneof(
    { weight: 12, arbitrary: person },
    { weight: 1, arbitrary: fc.constant<Address>(zeroAddress) },
  )
  const counter = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 200 }))
  const deadline = fc.constantFrom(0, 1, 100, 100, 100, 100, -1)
  const rightly = fc.oneof(
    { weight: 8, arbitrary: fc.constant<Signed>('rightly') },
    { weight: 1, arbitrary: fc.constantFrom<Signed>('wrongly', 'not') },
  )
  const claim = fc.record({
    name: fc.constant('claim' as const),
    deviceId,
    account: anAccount,
    counter,
    deadline,
    byDevice: rightly,
  })
  const handOver = fc.record({
    name: fc.constant('handOver' as const),
    deviceId,
    newOwner,
    newAccount: anAccount,
    counter,
    deadline,
    byDevice: rightly,
    byOwner: rightly,
    byNewOwner: rightly,
  })
  const fileConfig = fc.record({
    name: fc.constant('fileConfig' as const),
    deviceId,
    version: fc.integer({ min: 0, max: 9 }),
    epoch: fc.integer({ min: 0, max: 3 }),
    market: anAccount,
    byDevice: rightly,
  })
  const report = fc.record({
    name: fc.constant('report' as const),
    deviceId,
    value: fc.constantFrom(0, 0, 0, 1, 2),
  })
  const setUser = fc.record({
    name: fc.constant('setUser' as const),
    deviceId,
    user: person,
    expires: fc.constantFrom(0, 2_000_000_000, 4_000_000_000),
  })
  const call: fc.Arbitrary<Call> = fc.oneof(claim, handOver, handOver, handOver, fileConfig, report, setUser)
  const from = fc.oneof(person, fc.constant('rightful' as const), fc.constant('rightful' as const))
  return fc.array(fc.record({ from, call, wait: fc.constantFrom(1, 1, 60, 3600) }), {
    minLength: 15,
    maxLength: 40,
    size: 'max',
  })
}

/** Every name that the ABI gives to an event or an error of a call. */
const namesOf = (type: 'event' | 'error') =>
  deviceRegistryAbi.flatMap(item => (item.type === type ? [item.name as string] : []))

test('the registry does what its model in TypeScript does, call by call', async () => {
  const { client, domain, read, send } = registry
  const cast = registry.people.slice(0, 4)
  const people = cast.map(person => getAddress(person.address))
  const [first, impostor] = [people[0], testDevice('impostor')]
  if (!first) throw new Error('the chain has too few accounts')
  const model = new DeviceRegistryModel()
  const devices = new Map<Hex, TestDevice>()
  const seen = new Set<string>()
  let clock = await registry.now()

  const deviceBy = (id: Hex): TestDevice => {
    const device = devices.get(id)
    if (!device) throw new Error(`no device ${id}`)
    return device
  }
  const personBy = (address: Address): Person | undefined =>
    cast.find(person => person.address === lower(address))

  /** The key and signature that the contract is given: the device's own key, and the device's or another's signature. */
  const signature = (
    device: TestDevice,
    byDevice: Signed,
    sign: (by: TestDevice) => { r: Hex; s: Hex; x: Hex; y: Hex },
  ) => {
    const { x, y } = sign(device)
    const { r, s } = sign(byDevice === 'rightly' ? device : impostor)
    return byDevice === 'not' ? { x, y, r: `0x${'00'.repeat(32)}` as Hex, s } : { x, y, r, s }
  }

  /** A person's consent to `values`: of the right party, of the other one's type, or none. */
  const consent = async (address: Address, values: HandOver, party: 'owner' | 'newOwner', how: Signed) => {
    const person = personBy(address)
    if (!person || how === 'not') return '0x'
    const type = how === 'rightly' ? party : party === 'owner' ? 'newOwner' : 'owner'
    return person.sign(handOverTypedData(domain, values, type))
  }

  const transact = async (from: Address, call: Call, at: number) => {
    const device = deviceBy(call.deviceId)
    const { deviceId, modelId } = device
    switch (call.name) {
      case 'claim': {
        const { counter, deadline } = call
        const claim = {
          deviceId,
          owner: lower(from),
          account: lower(call.account),
          modelId,
          counter,
          deadline,
        }
        const signed = signature(device, call.byDevice, by => by.signClaim(domain, claim))
        return send(from, 'claim', [call.account, modelId, counter, deadline, signed], at)
      }
      case 'handOver': {
        const owner = model.deviceOf(deviceId).owner
        const values: HandOver = {
          deviceId,
          owner: lower(owner),
          newOwner: lower(call.newOwner),
          newAccount: lower(call.newAccount),
          counter: call.counter,
          deadline: call.deadline,
        }
        const given = await consent(owner, values, 'owner', call.byOwner)
        const accepted = await consent(call.newOwner, values, 'newOwner', call.byNewOwner)
        const signed = signature(device, call.byDevice, by => by.signHandOver(domain, values))
        const { newOwner, newAccount, counter, deadline } = call
        return send(from, 'handOver', [newOwner, newAccount, counter, deadline, signed, given, accepted], at)
      }
      case 'fileConfig': {
        const signed = signature(device, call.byDevice, by => by.signTaken(domain, configBy(call)))
        return send(from, 'fileConfig', [configArgument(configBy(call)), signed], at)
      }
      case 'report':
        return send(from, 'report', [deviceId, call.value], at)
      case 'setUser':
        return send(from, 'setUser', [BigInt(deviceId), call.user, BigInt(call.expires)], at)
    }
  }

  const configBy = ({ deviceId, version, epoch, market }: Call & { name: 'fileConfig' }) => ({
    ...configOf(deviceBy(deviceId), version),
    epoch,
    market: lower(market),
  })

  const take = async ({ from, call: relative, wait }: Step) => {
    clock += wait
    const call = 'deadline' in relative ? { ...relative, deadline: clock + relative.deadline } : relative
    const owner = model.deviceOf(call.deviceId).owner
    const caller = from !== 'rightful' ? from : owner === zeroAddress ? first : owner
    const block = { number: Number(await client.getBlockNumber()) + 1, timestamp: clock }
    const device = deviceBy(call.deviceId)
    const { x, y } = device.sign(new Uint8Array(32))
    const argument =
      call.name === 'fileConfig' ? configArgument(configBy(call)) : configArgument(configOf(device, 0))
    const config = { ...argument, market: getAddress(argument.market) }
    // The transaction is made first: it is signed for the owner whom the model still knows.
    const outcome = await transact(caller, call, clock)
    const expected = model.apply(caller, call, block, { x, y, modelId: device.modelId, config })
    if (outcome.ok) {
      expect({ ok: true, events: outcome.events, block: outcome.block }).toEqual({ ...expected, block })
    } else expect(outcome).toEqual(expected)
    for (const name of outcome.ok ? outcome.events.map(event => event.name) : [outcome.error]) seen.add(name)
    expect(await read.deviceOf([call.deviceId])).toEqual(model.deviceOf(call.deviceId))
  }

  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async generate => {
      run++
      const fresh = [1, 2, 3].map(n => testDevice(`state ${run} ${n}`))
      for (const device of fresh) devices.set(device.deviceId, device)
      const ids = fresh.map(device => device.deviceId)
      for (const step of generate(steps, people, ids)) await take(step)
      for (const id of ids) {
        expect(await read.deviceOf([id])).toEqual(model.deviceOf(id))
        expect(await read.configOf([id])).toEqual(model.configOf(id))
        expect(await read.userOf([BigInt(id)])).toBe(model.userOf(id, clock))
      }
      for (const person of people) expect(await read.holderOf([person])).toEqual(model.holderOf(person))
    }),
    { numRuns: 10, endOnFailure: true },
  )

  // Or the sequences would have been too tame to mean anything. A few rare ones may be missing by chance; each has its
  // own test elsewhere.
  const possible = [...namesOf('event'), ...namesOf('error')].filter(
    name => !['P256Missing', 'TransferLocked'].includes(name),
  )
  expect(possible).toEqual(expect.arrayContaining([...seen]))
  expect(seen.size).toBeGreaterThanOrEqual(possible.length - 2)
})
