// Stretches a passphrase without freezing the page: in a worker, or where there is none in slices of the page's time.
import { scryptAsync } from '@noble/hashes/scrypt.js'
import type { Bytes } from '../../core/bytes.ts'
import { owned } from '../../core/wallet/secretBytes.ts'
import type { Stretching } from '../../core/wallet/stretching.ts'

/**
 * scrypt to 32 bytes. Takes its own copy of the passphrase; the caller overwrites its own. Rejects where the device has
 * not the memory (2^log2N KiB).
 */
export type Stretch = (passphrase: Bytes, salt: Bytes, stretching: Stretching) => Promise<Bytes>

export interface StretchRequest {
  readonly passphrase: Bytes
  readonly salt: Bytes
  readonly log2N: number
}

export type StretchAnswer =
  | { readonly key: Bytes }
  | {
      /** What went wrong, for the log. */
      readonly error: string
    }

/** Longest that the page is kept from painting, in milliseconds. */
const SLICE_MS = 8

export const stretchInPage: Stretch = async (passphrase, salt, { log2N }) =>
  owned(await scryptAsync(passphrase, salt, { N: 2 ** log2N, r: 8, p: 1, dkLen: 32, asyncTick: SLICE_MS }))

/** A worker for each call, ended afterwards: its memory, with all that was in it, is given back at once. */
export const stretchInWorker: Stretch = async (passphrase, salt, stretching) => {
  const worker = startWorker()
  if (!worker) return stretchInPage(passphrase, salt, stretching)
  try {
    const answer = await ask(worker, { passphrase, salt, log2N: stretching.log2N })
    if (answer === 'noWorker') return await stretchInPage(passphrase, salt, stretching)
    if ('error' in answer) throw new RangeError(answer.error)
    return owned(answer.key)
  } finally {
    worker.terminate()
  }
}

function startWorker(): Worker | undefined {
  if (typeof Worker === 'undefined') return undefined
  try {
    return new Worker(new URL('./stretchWorker.ts', import.meta.url), { type: 'module' })
  } catch {
    // Refused by the browser's settings: the page does it.
    return undefined
  }
}

function ask(worker: Worker, request: StretchRequest): Promise<StretchAnswer | 'noWorker'> {
  return new Promise(resolve => {
    worker.onmessage = (event: MessageEvent<StretchAnswer>) => resolve(event.data)
    // The script could not be loaded (offline on the very first use, an old cache).
    worker.onerror = () => resolve('noWorker')
    worker.onmessageerror = () => resolve('noWorker')
    worker.postMessage(request)
  })
}
