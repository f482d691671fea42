// The P-256 owner key that our devices pin: known while the vault is locked, used only while it is open.
import { type Bytes, fromHex, type Hex, toHex } from '../../../core/bytes.ts'
import type { TypedData } from '../../../core/eip712.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { SigningContext } from '../../../core/wallet/contracts.ts'
import { readRequest } from '../../../core/wallet/door.ts'
import type { Sentence } from '../../../core/wallet/sentence.ts'
import type { VaultPort } from '../../ports/vault.ts'
import type { WalletStores } from '../../ports/walletStore.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'

/**
 * All devices of an owner pin the same key: who owns which device is public on chain anyway, and a device that was paired
 * and never claimed is known again after a restore from words.
 */
export const GENERATION = 0

const VALUE = 'ownerKey'

/** What a screen said that is signed: the sentence has to be of this kind and about this device. */
export interface Intended {
  readonly kind: Sentence['kind']
  readonly deviceId: Hex
}

export class OwnerKey {
  readonly #vault: Pick<VaultPort, 'ownerPublicKey' | 'signWithOwnerKey'>
  readonly #values: WalletStores['values']
  readonly #context: () => SigningContext

  constructor(
    vault: Pick<VaultPort, 'ownerPublicKey' | 'signWithOwnerKey'>,
    values: WalletStores['values'],
    context: () => SigningContext,
  ) {
    this.#vault = vault
    this.#values = values
    this.#context = context
  }

  /** x || y, 64 bytes; remembered, so that a device is known as ours while the vault is locked. */
  async publicKey(): Promise<Result<Bytes, { readonly kind: 'vaultLocked' }>> {
    const key = await this.#vault.ownerPublicKey(GENERATION)
    if (!key.ok) return key
    const text = toHex(key.value)
    if ((await this.#values.get<Hex | null>(VALUE)) !== text) await this.#values.put(VALUE, text)
    return key
  }

  /** As last seen; null where this browser never saw it, or the vault is gone. */
  async remembered(): Promise<Bytes | null> {
    const key = await this.publicKey()
    if (key.ok) return key.value
    const text = await this.#values.get<Hex | null>(VALUE)
    const bytes = text ? fromHex(text) : undefined
    return bytes?.length === 64 ? bytes : null
  }

  async forget(): Promise<void> {
    if (await this.#values.get<Hex | null>(VALUE)) await this.#values.put(VALUE, null)
  }

  /** r || s, 64 bytes. Through the same door as everything that is signed: what has no sentence is refused. */
  async sign(typedData: TypedData, intended: Intended): Promise<Result<Bytes, DeviceTaskFailure>> {
    const request = readRequest({ kind: 'typedData', typedData }, this.#context())
    if (!request.ok) return request
    const { sentence, signer } = request.value
    const isMeant =
      sentence.kind === intended.kind && 'deviceId' in sentence && sentence.deviceId === intended.deviceId
    if (signer !== 'ownerKey' || !isMeant)
      throw new Error(`${sentence.kind} is not what the person was asked for (${intended.kind})`)
    const signed = await this.#vault.signWithOwnerKey(request.value, GENERATION)
    if (!signed.ok) return signed
    return signed.value.kind === 'signature'
      ? ok(signed.value.signature)
      : fail({ kind: 'unexpectedError', detail: signed.value.kind })
  }
}
