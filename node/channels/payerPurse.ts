// The payer's side of one channel on a box: a session key that signs vouchers, each on the disk before it leaves.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Failure, Result } from '../../src/core/result.ts'
import { channelIdOf, signByKey } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import { createPurse, type PayerPurse, type PurseOptions } from '../../src/core/voucher/payerPurse.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'

/** Asks the chain for the deposit; fails where the channel is not open, or the file of it can't be read. */
export async function openPurse(
  options: Pick<PurseOptions, 'domain' | 'terms' | 'isEnding'> & {
    /** The 32-byte secp256k1 key of `terms.signer`. */
    readonly secretKey: Uint8Array
    readonly directory: string
    readonly read: ReadChannel
  },
): Promise<Result<PayerPurse, Failure>> {
  const { directory, terms, read, secretKey } = options
  const channelId = channelIdOf(terms)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, `${channelId}.json`)
  const onChain = await read(channelId)
  if (!onChain.ok) return onChain
  return createPurse({
    ...options,
    onChain: onChain.value,
    sign: async digest => signByKey(digest, secretKey),
    stored: readJsonIfThere(file),
    store: async document => writeFileDurably(file, `${JSON.stringify(document)}\n`, 0o600),
  })
}
