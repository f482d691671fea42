// The worker that stretches one passphrase and is ended afterwards; see stretch.ts.
import { scrypt } from '@noble/hashes/scrypt.js'
import { wipe } from '../../core/wallet/secretBytes.ts'
import type { StretchAnswer, StretchRequest } from './stretch.ts'

self.onmessage = ({ data }: MessageEvent<StretchRequest>) => {
  const { passphrase, salt, log2N } = data
  self.postMessage(answer(passphrase, salt, log2N))
}

function answer(
  passphrase: StretchRequest['passphrase'],
  salt: StretchRequest['salt'],
  log2N: number,
): StretchAnswer {
  try {
    return { key: Uint8Array.from(scrypt(passphrase, salt, { N: 2 ** log2N, r: 8, p: 1, dkLen: 32 })) }
  } catch (error) {
    return { error: String(error) }
  } finally {
    wipe(passphrase)
  }
}
