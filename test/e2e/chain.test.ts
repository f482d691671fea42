// Endpoints that lie, lag, contradict each other or are gone: never "up to date", never a write without the person's word.
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { startAnvil } from '../../node/chain/anvil.ts'
import type { Endpoint } from '../../node/chain/endpoint.ts'
import { rpc } from '../../node/chain/rpc.ts'
import { freePort } from '../../node/http.ts'
import type { Model } from '../../src/core/registry/model.ts'
import type { OnAir } from './harness/onAir.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

type Tamper = NonNullable<Parameters<Endpoint['setTamper']>[0]>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const flipLast = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0')

/** Another entry of the registry than the chain's, in a proof that fits no block. */
const forgedHead: Tamper = ({ method }, result) => {
  if (method !== 'eth_getProof' || !isObject(result) || !Array.isArray(result.storageProof)) return result
  const storageProof = result.storageProof.map((entry: unknown) =>
    isObject(entry) && Array.isArray(entry.proof)
      ? { ...entry, proof: entry.proof.map(node => flipLast(String(node))) }
      : entry,
  )
  return { ...result, storageProof }
}

const forgedProof: Tamper = ({ method }, result) => {
  if (method !== 'eth_getProof' || !isObject(result) || !Array.isArray(result.accountProof)) return result
  return { ...result, accountProof: result.accountProof.map(node => flipLast(String(node))) }
}

/** A header that says something else, under the hash of the true one. */
const forgedHeader: Tamper = ({ method }, result) =>
  method === 'eth_getBlockByNumber' && isObject(result) && typeof result.stateRoot === 'string'
    ? { ...result, stateRoot: flipLast(result.stateRoot) }
    : result

const wrongChain: Tamper = ({ method }, result) => (method === 'eth_chainId' ? '0x1' : result)
const noProofs: Tamper = ({ method }, result) => {
  if (method === 'eth_getProof') throw new Error('proofs are not offered on this plan')
  return result
}

describe.skipIf(inject('radioObstacle') !== null)('the chain', () => {
  let world: World
  let phone: Phone
  let outdated: Model
  let newest: Model
  let released: number

  beforeAll(async () => {
    world = await startWorld()
    const { maker } = world
    outdated = maker.model('Outdated Lock')
    newest = maker.model('Newest Lock')
    await maker.register(outdated, newest)
    await maker.settle()
    await Promise.all([
      maker.release(outdated, { version: '1.1.0' }),
      maker.release(newest, { version: '1.0.0' }),
    ])
    released = Number(await rpc(await world.fob.chain.url(), 'eth_blockNumber', []))
    await maker.settle()
    phone = await world.phone()
    phone.allowErrors(/net::ERR_CONNECTION_REFUSED/)
    await new Person(phone).pinSuggestedMaker()
  })

  afterEach(async () => {
    for (const endpoint of world.fob.endpoints) {
      endpoint.setTamper(null)
      await endpoint.start()
    }
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  /** The person goes as far as the app lets him without confirming anything: no byte of an image is sent. */
  async function expectNoWriteWithoutConsent(person: Person, onAir: OnAir): Promise<void> {
    const { device, update } = person.words
    await person.sees(person.heading(device.verdict.unproven))
    await person.button(device.updateAnyway('1.1.0')).click()
    await person.sees(person.heading(update.consent.unproven))
    expect(await person.button(update.consent.install('1.1.0')).isDisabled()).toBe(true)
    expect(onAir.uploads).toEqual([])
  }

  const lies: readonly (readonly [string, Tamper, keyof Person['words']['evidence']['verdict']])[] = [
    ['forges the head', forgedHead, 'badProof'],
    ['forges the proof', forgedProof, 'badProof'],
    ['forges the block header', forgedHeader, 'badHeader'],
    ['answers for another chain', wrongChain, 'wrongChain'],
  ]

  it.each(lies)('one endpoint %s: it is named, and nothing is called proven', async (how, lie, verdict) => {
    world.fob.endpoints[0].setTamper(lie)
    const onAir = world.device(outdated, { name: `Lock ${how}` })
    const current = world.device(newest, { name: `New lock ${how}` })
    await inTab(phone, async person => {
      const { device, evidence } = person.words
      await person.addDevice(current.name)
      await person.sees(person.heading(device.verdict.unproven))
      expect(await person.heading(device.verdict.upToDate).count()).toBe(0)
      await person.page.getByRole('button', { name: evidence.openUnproven }).click()
      const sheet = person.page.getByRole('dialog', { name: evidence.titleUnproven })
      await sheet.getByText(evidence.verdict[verdict]).waitFor()
      await sheet.getByText(evidence.verdict.agreed).waitFor()
      await person.page.keyboard.press('Escape')

      await person.addDevice(onAir.name)
      await expectNoWriteWithoutConsent(person, onAir)
    })
  })

  it('one endpoint shows an old block: what is read there is told as too old', async () => {
    const lagging: Tamper = async ({ method, params }, result) =>
      method === 'eth_getBlockByNumber' && Array.isArray(params) && params[0] === 'finalized'
        ? rpc(await world.fob.chain.url(), 'eth_getBlockByNumber', [`0x${released.toString(16)}`, false])
        : result
    world.fob.endpoints[1].setTamper(lagging)
    const host = await world.host(({ chain, ...network }) => ({
      ...network,
      chain: { ...chain, maxAgeSeconds: 10 },
    }))
    const current = world.device(newest, { name: 'Lock of old' })
    const task = async (person: Person) => {
      const { device, evidence } = person.words
      await person.pinSuggestedMaker()
      await person.addDevice(current.name)
      await person.sees(person.heading(device.verdict.unproven))
      await person.page.getByRole('button', { name: evidence.openUnproven }).click()
      await person.sees(person.text(evidence.explainUnproven.stale))
    }
    await inTab(phone, task, { url: host.url })
  })

  it('both contradict each other: neither is believed', async () => {
    const other = await startAnvil({ port: await freePort(), chainId: world.fob.network().chain.id })
    try {
      await rpc(other.url, 'anvil_mine', ['0x400'])
      // True headers of the same heights, of another chain with the same number.
      const fork: Tamper = ({ method }, result) =>
        method === 'eth_getBlockByNumber' && isObject(result)
          ? rpc(other.url, 'eth_getBlockByNumber', [result.number, false])
          : result
      world.fob.endpoints[1].setTamper(fork)
      const onAir = world.device(outdated, { name: 'Lock between' })
      await inTab(phone, async person => {
        const { failures } = person.words
        await person.addDevice(onAir.name)
        await person.sees(person.text(failures.chainDisagrees.title))
        expect(await person.page.getByRole('button', { name: /1\.1\.0/ }).count()).toBe(0)
      })
    } finally {
      await other.stop()
    }
  })

  it('no endpoint hands out proofs: what they say is shown as unproven', async () => {
    for (const endpoint of world.fob.endpoints) endpoint.setTamper(noProofs)
    const onAir = world.device(outdated, { name: 'Lock unproven' })
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await expectNoWriteWithoutConsent(person, onAir)
    })
  })

  it('one endpoint is down: written only after the person has confirmed it, and the receipt says so', async () => {
    await world.fob.endpoints[1].stop()
    const onAir = world.device(outdated, { name: 'Lock alone' })
    await inTab(phone, async person => {
      const { update, evidence, result, device } = person.words
      await person.addDevice(onAir.name)
      await expectNoWriteWithoutConsent(person, onAir)
      await person.sees(person.text(evidence.explainUnproven.oneEndpoint))
      await person.page.getByRole('checkbox', { name: update.consent.unprovenCheck }).check()
      await person.button(update.consent.install('1.1.0')).click()
      await person.seesResult(onAir.name, '1.1.0')
      await person.sees(person.text(result.unprovenNote))
      await person.button(result.done).click()
      await person.button(device.check).click()
      await person.sees(person.button(device.check), person.heading(device.verdict.unproven))
    })
    expect(onAir.running).toEqual({ version: '1.1.0', isConfirmed: true })
  })

  it('declined: nothing is written', async () => {
    await world.fob.endpoints[1].stop()
    const onAir = world.device(outdated, { name: 'Lock declined' })
    await inTab(phone, async person => {
      const { update } = person.words
      await person.addDevice(onAir.name)
      await expectNoWriteWithoutConsent(person, onAir)
      await person.button(update.consent.decline).click()
      await person.sees(person.heading(update.cancelledTitle), person.text(update.deviceUntouched('1.0.0')))
    })
    expect(onAir.uploads).toEqual([])
  })

  it('nobody answers and nothing was ever proven: says so, and works when they are back', async () => {
    for (const endpoint of world.fob.endpoints) await endpoint.stop()
    const never = world.maker.model('Never seen Lock')
    const onAir = world.device(never)
    await inTab(phone, async person => {
      const { failures, device, blocked } = person.words
      await person.addDevice(onAir.name)
      await person.sees(person.text(failures.chainUnreachable.title))
      for (const endpoint of world.fob.endpoints) await endpoint.start()
      await person.button(device.checkFirst).click()
      // Its absence from the registry is proven, too.
      await person.sees(person.heading(blocked.notRegistered.title))
    })
    expect(onAir.uploads).toEqual([])
  })
})
