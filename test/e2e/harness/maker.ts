// The demo maker at work in a test: registers models, releases firmware (true and false), withdraws it.
import type { LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { buildDemoImage, type DemoImageOptions } from '../../../device/demoFirmware.ts'
import type { DemoKeys } from '../../../node/chain/demoKeys.ts'
import { rpc } from '../../../node/chain/rpc.ts'
import { demoChannel } from '../../../node/release/demo.ts'
import { readImageFacts } from '../../../node/release/publish.ts'
import { openRegistry, type Registry } from '../../../node/release/registry.ts'
import type { Running } from '../../../node/startFob.ts'
import { type Address, fromHex } from '../../../src/core/bytes.ts'
import { formatVersion, parseVersion } from '../../../src/core/mcuboot/version.ts'
import { encodeManifest, imageDigest } from '../../../src/core/registry/manifest.ts'
import type { Model } from '../../../src/core/registry/model.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import type { Manifest } from '../../../src/core/registry/release.ts'

export interface Firmware {
  readonly version: string
  /** Bytes of the image's body; default 24,000. */
  readonly bodySize?: number
  readonly securityCounter?: number
  readonly behaviour?: DemoImageOptions['behaviour']
}

export interface FalseRelease {
  /** What the manifest says that is not so; `file` is what the seed has. */
  readonly manifest?: (honest: Manifest, file: Uint8Array) => Manifest
  /** What the seed gets instead of the image; the manifest's CID is of these bytes. */
  readonly file?: (image: Uint8Array) => Uint8Array
}

const DAY = 86_400
/** One slot per epoch: a block is final when two more are on top of it. */
const BLOCKS_TO_FINALITY = 3

export class Maker {
  readonly address: Address
  /** The account that releases. */
  readonly releaseKey: Address
  private readonly fob: Running
  private readonly keys: DemoKeys
  private readonly registry: Registry
  private readonly account: LocalAccount
  private readonly releaser: LocalAccount

  static async of(fob: Running, keys: DemoKeys): Promise<Maker> {
    return new Maker(fob, keys, await fob.chain.url())
  }

  private constructor(fob: Running, keys: DemoKeys, chainUrl: string) {
    this.fob = fob
    this.keys = keys
    this.account = privateKeyToAccount(keys.maker)
    this.releaser = privateKeyToAccount(keys.release)
    this.address = lower(this.account.address)
    this.releaseKey = lower(this.releaser.address)
    const { id, registry } = fob.network().chain
    this.registry = openRegistry({ chainId: id, registry, endpoints: [chainUrl] })
  }

  /** A signed image for the model. */
  build(model: Model, { version, securityCounter = 1, bodySize = 24_000, behaviour }: Firmware): Uint8Array {
    const parsed = parseVersion(version)
    const signingKey = fromHex(this.keys.firmware)
    if (parsed === undefined || signingKey === undefined) throw new TypeError(version)
    return buildDemoImage({
      kind: 'lock',
      hardware: model.hardware,
      version: parsed,
      securityCounter,
      signingKey,
      bodySize,
      ...(behaviour === undefined ? {} : { behaviour }),
    })
  }

  model(name: string, hardware = 'rev B'): Model {
    return { maker: this.address, name, hardware }
  }

  /** Registers models that nothing was released for. */
  async register(...models: readonly Model[]): Promise<void> {
    const { releaseKey } = this
    await Promise.all(
      models.map(({ name, hardware }) =>
        this.registry.createModel(this.account, { name, hardware, releaseKey, guardian: null }),
      ),
    )
  }

  /** Puts the firmware into the seed and releases it; with `lies`, something else than what the manifest says. */
  async release(model: Model, firmware: Firmware, lies: FalseRelease = {}): Promise<Manifest> {
    return this.releaseFile(model, this.build(model, firmware), lies)
  }

  /** The same for a file of any form; the key of a package that names none is the first that fits. */
  async releaseFile(model: Model, image: Uint8Array, lies: FalseRelease = {}): Promise<Manifest> {
    const facts = await readImageFacts(image)
    if (!facts.ok) throw new Error(facts.error.kind)
    const { keyHashes: _, ...ofImage } = facts.value
    const file = lies.file?.(image) ?? image
    const cid = await this.fob.seed.current().add(file)
    const honest: Manifest = {
      model: model.name,
      hardware: model.hardware,
      ...ofImage,
      cid,
      validUntil: now() + 30 * DAY,
      notes: `Notes of ${formatVersion(ofImage.version)}.`,
      peers: [],
    }
    const manifest = lies.manifest?.(honest, file) ?? honest
    await this.registry.publish(this.releaser, {
      modelId: modelIdOf(model),
      channel: demoChannel,
      version: honest.version,
      minSecurityCounter: 0,
      manifest: encodeManifest(manifest),
    })
    return manifest
  }

  async revoke(model: Model, image: Uint8Array): Promise<void> {
    const facts = await readImageFacts(image)
    if (!facts.ok) throw new Error(facts.error.kind)
    await this.registry.revoke(this.releaser, modelIdOf(model), imageDigest(facts.value.imageHash), 1)
  }

  /** Makes everything that was written so far final, without waiting for the chain's own pace. */
  async settle(): Promise<void> {
    // Asked each time: a chain that grew is made small in between, and is somewhere else then.
    const url = await this.fob.chain.url()
    for (let i = 0; i < BLOCKS_TO_FINALITY; i++) await rpc(url, 'evm_mine', [])
  }
}

const lower = (address: string) => address.toLowerCase() as Address
export const now = (): number => Math.floor(Date.now() / 1000)
