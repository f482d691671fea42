// Whoever owns the demo vending machine: it is paired, claimed, stocked with offers and a catalogue, and its kiosks get their grant.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createWalletClient, http, parseEther } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { marketAbi } from '../../contracts/generated/Market.ts'
import { tillsAbi } from '../../contracts/generated/Tills.ts'
import { createDemoDevice, DEMO_MODELS } from '../../device/demo.ts'
import { encodeSnapshot } from '../../device/snapshotFile.ts'
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import { hashTypedData } from '../../src/core/eip712.ts'
import { deviceIdOf, devicePublicKey } from '../../src/core/identity.ts'
import {
  type CatalogueContent,
  catalogueTypedData,
  type SignedCatalogue,
  termsOfProduct,
  writeContent,
} from '../../src/core/kiosk/catalogue.ts'
import { decodeKioskCode, encodeKioskGrantCode } from '../../src/core/kiosk/codes.ts'
import { deliverConfig } from '../../src/core/lock/config.ts'
import { GrantAction, grantDigest } from '../../src/core/lock/grant.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../src/core/lock/pairing.ts'
import { decodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import { signDigest } from '../../src/core/p256.ts'
import { claimCall, fileConfigCall } from '../../src/core/registry/deviceCalls.ts'
import {
  claimDigest,
  configTypedData,
  type DeviceConfig,
  type StatementDomain,
} from '../../src/core/registry/deviceStatements.ts'
import { makeOfferCall, setProductCall } from '../../src/core/registry/marketCalls.ts'
import { offerIdOf } from '../../src/core/registry/marketStatements.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { SmpClient } from '../../src/core/smp/client.ts'
import { slotSet, VendUse, vendTermsDigest } from '../../src/core/vending/vendTerms.ts'
import { selectorOf } from '../../src/core/wallet/abiShape.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { sendFromBank } from '../chain/bank.ts'
import { publicClientFor } from '../chain/client.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { systemTimer } from '../systemTimer.ts'
import { demoProducts } from './demoProducts.ts'

export interface DemoOwnerOptions {
  /** Of this chain. */
  readonly directory: string
  readonly network: NetworkConfig
  readonly chain: () => Promise<string>
  readonly factoryImage: () => Uint8Array
  /** Puts the machine where all browsers find it, unless they have one already. */
  readonly keepMachine: (id: string, bytes: Uint8Array) => void
  /** Adds a picture to the seed; its CID. */
  readonly addPicture: (bytes: Uint8Array) => Promise<string>
  readonly log: (line: string) => void
}

export interface DemoOwner {
  readonly catalogue: SignedCatalogue
  readonly till: Address
  /** The grant for a kiosk that shows this code, and coins for its gas. */
  answerKiosk(code: string): Promise<Result<string, Failure>>
}

interface Secrets {
  readonly account: Hex
  readonly ownerKey: Hex
  readonly machineKey: Hex
}

const kind = 'vending'
const grantDays = 365
const unitsPerDay = 2_000
const gasForKiosk = parseEther('0.05')
/** Milliseconds, and how often it is looked for. */
const gasPause = 500
const gasTries = 10

/** Everything that is there already is left as it is. Throws where the chain refuses. */
export async function startDemoOwner(options: DemoOwnerOptions): Promise<DemoOwner> {
  const { directory, network, chain, log } = options
  const { market, deviceRegistry, tills } = network.chain.contracts ?? {}
  if (!market || !deviceRegistry || !tills) throw new Error('this network has no Tills')
  const secrets = loadOrMake(join(directory, 'owner.json'))
  const account = privateKeyToAccount(secrets.account)
  const owner = account.address.toLowerCase() as Address
  const [ownerKey, machineKey] = [bytesOf(secrets.ownerKey), bytesOf(secrets.machineKey)]
  const publicKey = devicePublicKey(machineKey)
  const deviceId = deviceIdOf(publicKey)
  const registry = { chainId: network.chain.id, registry: deviceRegistry }
  const domain = { chainId: network.chain.id, market }
  const taken = await pairedMachine({ ...options, registry, market, ownerKey, machineKey })

  const url = await chain()
  const client = publicClientFor(url)
  const isThere = async (address: Address) => (await client.getCode({ address })) !== undefined
  const till = (
    await client.readContract({ address: tills, abi: tillsAbi, functionName: 'tillOf', args: [deviceId] })
  ).toLowerCase() as Address
  const dollar = network.chain.tokens?.[0]
  const content: CatalogueContent = {
    title: { en: 'Fob Vend', zh: 'Fob 自动售货机' },
    products: await demoProducts(options.addPicture, owner, dollar),
    till,
    depths: [
      { upTo: parseEther('0.01'), depth: 0 },
      ...(dollar ? [{ upTo: 10n * 10n ** BigInt(dollar.decimals), depth: 0, token: dollar.address }] : []),
    ],
    ways: ['till', 'order', 'instant'],
    instant: { perSale: parseEther('0.01'), perBuyer: parseEther('0.02'), open: parseEther('0.1') },
  }
  let opened: ReturnType<typeof senderOf> | undefined
  const sender = () => {
    opened ??= senderOf(url, account)
    return opened
  }
  if (!(await isThere(till))) {
    log('The demo vending machine gets its owner, its offers and its Till ...')
    const send = await sender()
    const claim = {
      ...{ deviceId, owner, account: owner, modelId: taken.modelId },
      counter: 1,
      deadline: 2 ** 40 - 1,
    }
    const claimed = { publicKey, signature: signDigest(claimDigest(registry, claim), machineKey) }
    await send(deviceRegistry, claimCall(claim, claimed))
    await send(deviceRegistry, fileConfigCall(taken.config, { publicKey, signature: taken.signature }))
    const open = concat(bytesOf(selectorOf('open(bytes32)')), bytesOf(deviceId))
    await send(tills, open)
  }
  // Of a chain that an earlier version has begun some may be there.
  const missing = await Promise.all(
    content.products.map(async product => {
      const terms = termsOfProduct({ owner, deviceId }, product)
      const { status } = await client.readContract({
        address: market,
        abi: marketAbi,
        functionName: 'offerOf',
        args: [offerIdOf(terms)],
      })
      return status === 0 ? [{ number: product.number, terms }] : []
    }),
  )
  if (missing.flat().length > 0) {
    const send = await sender()
    for (const { number, terms } of missing.flat()) {
      await send(market, makeOfferCall(terms, { firstWord: 0, open: [] }))
      // Tills take coins alone.
      if (terms.token === null) await send(till, setProductCall(number, terms))
    }
  }
  await (await opened)?.all()
  const unsigned = { owner, deviceId, version: catalogueVersion, content: writeContent(content) }
  const digest = hashTypedData(catalogueTypedData(domain, unsigned))
  const signature = await account.sign({ hash: toHex(digest) })

  return {
    catalogue: { ...unsigned, signature },
    till,
    async answerKiosk(text) {
      const code = decodeKioskCode(text)
      if (!code || code.domain.market !== market || code.deviceId !== deviceId) {
        return fail({ kind: 'answerForOther' })
      }
      const now = Math.floor(Date.now() / 1000)
      const grant = {
        deviceId,
        orderId: 0n,
        userKeyHash: bytesOf(code.kioskKeyHash),
        notBefore: now - 3600,
        notAfter: now + grantDays * 86_400,
        weeklyHours: new Uint8Array(21),
        maxUses: 0,
        actions: GrantAction.vend,
        epoch: 0,
        seq: 0,
      }
      // An owner's own grant names no Market.
      const freely = { chainId: domain.chainId, market: NOBODY }
      const grantHash = grantDigest(freely, grant)
      const slots = slotSet(content.products.map(({ slot }) => slot))
      const limits = { use: VendUse.sell, slots, perDay: unitsPerDay }
      const terms = vendTermsDigest(freely, { deviceId, grantDigest: grantHash, ...limits })
      // A chain that was started again since has another address.
      const current = await chain()
      const client = publicClientFor(current)
      if ((await client.getBalance({ address: code.gasAddress })) < gasForKiosk / 2n) {
        await sendFromBank(current, { to: code.gasAddress, value: toQuantity(gasForKiosk) })
        // A kiosk that sees none sells nothing. One that is not answered in time asks again, and has it by then.
        const isThere = async () =>
          (await client.getBalance({ address: code.gasAddress, blockTag: 'finalized' })) > 0n
        for (let tries = 0; tries < gasTries && !(await isThere()); tries++) await setTimeout(gasPause)
      }
      return ok(
        encodeKioskGrantCode({
          domain,
          grantMarket: NOBODY,
          grant,
          signature: signDigest(grantHash, ownerKey),
          terms: { ...limits, signature: signDigest(terms, ownerKey) },
          ownerKey: devicePublicKey(ownerKey),
          boxUrl: network.agents?.[0]?.url ?? null,
        }),
      )
    },
  }
}

/** The content never changes while this is the same: grown whenever it does. */
const catalogueVersion = 2

interface Pairing extends DemoOwnerOptions {
  readonly registry: StatementDomain
  readonly market: Address
  readonly ownerKey: Bytes
  readonly machineKey: Bytes
}

/** A machine as it is after its owner has pressed the button and told it where it belongs. */
async function pairedMachine({ network, registry, market, ownerKey, machineKey, ...options }: Pairing) {
  const demo = DEMO_MODELS.find(model => model.kind === kind)
  const model = network.demo?.models.find(each => each.kind === kind)
  if (!network.demo || !demo || !model) throw new Error('no demo vending machine here')
  const made = createDemoDevice({
    kind,
    name: model.name,
    hardware: model.hardware,
    maker: network.demo.maker,
    registry: network.chain.registry,
    chainId: network.chain.id,
    trustedKeys: network.demo.trustedKeys.flatMap(text => decodeImagePublicKey(bytesOf(text)) ?? []),
    key: machineKey,
    timer: systemTimer,
    storage: { factoryImage: options.factoryImage() },
    options: { noise: length => randomBytes(length), requestMs: 0, writeMs: 0, eraseMs: 0, bootMs: 0 },
  })
  try {
    const transport = await made.device.connect()
    const link = new SmpClient(transport, { timer: systemTimer })
    const device = { domain: registry, devicePublicKey: devicePublicKey(machineKey) }
    const nonce = must(await readPairingNonce(link))
    const pairing = {
      deviceId: made.device.deviceId,
      ownerKey: devicePublicKey(ownerKey),
      nonce,
      pairingCounter: 1,
    }
    made.device.pressButton()
    const signature = signDigest(hashTypedData(pairingTypedData(registry, pairing)), ownerKey)
    must(await pairDevice(link, { ...device, pairing, signature, claimCode: null }))
    const config: DeviceConfig = {
      deviceId: made.device.deviceId,
      version: 1,
      issuerKey: devicePublicKey(ownerKey),
      attestors: {
        threshold: network.attestors?.threshold ?? 0,
        keys: (network.attestors?.members ?? []).map(({ key }) => bytesOf(key)),
      },
      epoch: 0,
      market,
    }
    const said = signDigest(hashTypedData(configTypedData(registry, config)), ownerKey)
    const taken = must(await deliverConfig(link, { ...device, config, signature: said }))
    // The first time that a device is told comes from its owner, who stands before it.
    made.device.takeTime(Math.floor(Date.now() / 1000))
    link.dispose()
    await transport.close()
    const id = `${model.name}/${model.hardware}`
    options.keepMachine(id, gzipSync(concat(machineKey, encodeSnapshot(made.flash.snapshot()))))
    return { config, signature: taken, modelId: modelIdOf(made.device.model) }
  } finally {
    made.device.dispose()
  }
}

/** One after the other by their numbers, waited for together. */
async function senderOf(url: string, account: PrivateKeyAccount) {
  const client = publicClientFor(url)
  const wallet = createWalletClient({ account, transport: http(url) })
  await client.waitForTransactionReceipt({
    hash: await sendFromBank(url, { to: account.address, value: toQuantity(parseEther('10')) }),
  })
  let nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' })
  const sent: Hex[] = []
  const send = async (to: Address, data: Bytes) => {
    const hash = await wallet.sendTransaction({ to, data: toHex(data), gas: 2_000_000n, nonce, chain: null })
    nonce += 1
    sent.push(hash)
  }
  send.all = async () => {
    for (const hash of sent.splice(0)) {
      const { status } = await client.waitForTransactionReceipt({ hash })
      if (status !== 'success') throw new Error(`the demo machine’s ${hash} was refused`)
    }
  }
  return send
}

function loadOrMake(file: string): Secrets {
  const stored = readFileIfThere(file)?.toString('utf8')
  if (stored !== undefined) return JSON.parse(stored) as Secrets
  const made = {
    account: toHex(secp256k1.utils.randomSecretKey()),
    ownerKey: toHex(p256.utils.randomSecretKey()),
    machineKey: toHex(p256.utils.randomSecretKey()),
  }
  writeFileDurably(file, `${JSON.stringify(made)}\n`, 0o600)
  return made
}

function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`the demo vending machine: ${result.error.kind}`)
  return result.value
}

const bytesOf = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array()
const toQuantity = (value: bigint): Hex => `0x${value.toString(16)}`
