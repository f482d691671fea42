// What a payee has handed out and was paid, on this machine's disk: a file for each channel.
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  createPayeeLedger,
  type LedgerOptions,
  type PayeeLedger,
} from '../../src/core/voucher/payeeLedger.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'

/** Throws where the directory can't be made. A file that can't be read is left alone, and its channel refused. */
export function openPayeeLedger(
  options: Omit<LedgerOptions, 'stored' | 'store'> & { readonly directory: string },
): PayeeLedger {
  const { directory } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const stored = new Map(
    readdirSync(directory).map(name => [basename(name, '.json'), readJsonIfThere(join(directory, name))]),
  )
  return createPayeeLedger({
    ...options,
    stored,
    store: async (channelId, document) =>
      writeFileDurably(join(directory, `${channelId}.json`), `${JSON.stringify(document)}\n`, 0o600),
  })
}
