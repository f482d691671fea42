// Web3 Secret Storage, version 3: the encrypted key file that geth, cast and most wallets write.
// Source: ethereum.org, "Web3 Secret Storage Definition".
import {
  createCipheriv,
  createDecipheriv,
  pbkdf2,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import * as v from 'valibot'
import { keccak256 } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'

const hexBytes = v.pipe(
  v.string(),
  v.regex(/^([0-9a-fA-F]{2})*$/),
  v.transform(text => Buffer.from(text, 'hex')),
)
const count = v.pipe(v.number(), v.integer(), v.minValue(1))

/** geth's files take 256 MiB; the file must not be able to eat the machine. */
const maxScryptBytes = 2 ** 30

const schema = v.object({
  version: v.literal(3),
  crypto: v.intersect([
    v.object({
      cipher: v.literal('aes-128-ctr'),
      ciphertext: hexBytes,
      cipherparams: v.object({ iv: hexBytes }),
      mac: hexBytes,
    }),
    v.variant('kdf', [
      v.object({
        kdf: v.literal('scrypt'),
        kdfparams: v.pipe(
          v.object({
            n: v.pipe(
              count,
              v.maxValue(2 ** 24),
              v.check(n => n > 1 && Number.isInteger(Math.log2(n)), 'not a power of two'),
            ),
            r: count,
            p: v.pipe(count, v.maxValue(16)),
            dklen: v.literal(32),
            salt: hexBytes,
          }),
          v.check(({ n, r }) => 128 * n * r <= maxScryptBytes, 'asks for more memory than a key file should'),
        ),
      }),
      v.object({
        kdf: v.literal('pbkdf2'),
        kdfparams: v.object({
          c: v.pipe(count, v.maxValue(10_000_000)),
          prf: v.literal('hmac-sha256'),
          dklen: v.literal(32),
          salt: hexBytes,
        }),
      }),
    ]),
  ]),
})

export type KeystoreFailure =
  | { readonly kind: 'keystoreMalformed'; readonly detail: string }
  | { readonly kind: 'wrongPassphrase' }

/** Decrypts a parsed key file to the private key. The passphrase is taken as it is, in UTF-8. */
export async function decryptKeystore(
  json: unknown,
  passphrase: string,
): Promise<Result<Hex, KeystoreFailure>> {
  // geth before 1.4 wrote "Crypto".
  const parsed = v.safeParse(schema, lowerCaseCrypto(json))
  if (!parsed.success) {
    const [issue] = parsed.issues
    return fail({ kind: 'keystoreMalformed', detail: `${v.getDotPath(issue) ?? 'file'}: ${issue.message}` })
  }
  const { crypto } = parsed.output
  const derived = await deriveKey(crypto, passphrase)
  const mac = Buffer.from(keccak256(Buffer.concat([derived.subarray(16, 32), crypto.ciphertext]), 'bytes'))
  if (mac.length !== crypto.mac.length || !timingSafeEqual(mac, crypto.mac))
    return fail({ kind: 'wrongPassphrase' })
  if (crypto.ciphertext.length !== 32 || crypto.cipherparams.iv.length !== 16) {
    return fail({ kind: 'keystoreMalformed', detail: 'ciphertext: not a 32-byte key with a 16-byte iv' })
  }
  const cipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), crypto.cipherparams.iv)
  return ok(toHex(Buffer.concat([cipher.update(crypto.ciphertext), cipher.final()])))
}

type Crypto = v.InferOutput<typeof schema>['crypto']

async function deriveKey(crypto: Crypto, passphrase: string): Promise<Buffer> {
  const { kdf, kdfparams } = crypto
  if (kdf === 'pbkdf2') {
    return promisify(pbkdf2)(passphrase, kdfparams.salt, kdfparams.c, kdfparams.dklen, 'sha256')
  }
  return scryptKey(passphrase, kdfparams.salt, kdfparams.n, kdfparams.r, kdfparams.p)
}

/** noble's, for OpenSSL refuses parameters (n of 2^18 with r of 1) that the specification's own vector has. */
async function scryptKey(passphrase: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> {
  return Buffer.from(
    await scryptAsync(passphrase, salt, { N: n, r, p, dkLen: 32, maxmem: maxScryptBytes + 2 ** 20 }),
  )
}

/** Encrypts with scrypt, n = 2^18 as geth does unless a cheaper cost is asked for; returns the file's JSON. */
export async function encryptKeystore(
  privateKey: Hex,
  passphrase: string,
  cost: { readonly n: number } = { n: 2 ** 18 },
): Promise<unknown> {
  const salt = randomBytes(32)
  const iv = randomBytes(16)
  const derived = await scryptKey(passphrase, salt, cost.n, 8, 1)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(privateKey.slice(2), 'hex')), cipher.final()])
  const mac = keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext]))
  return {
    version: 3,
    id: randomUUID(),
    address: privateKeyToAddress(privateKey).slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      ciphertext: ciphertext.toString('hex'),
      cipherparams: { iv: iv.toString('hex') },
      kdf: 'scrypt',
      kdfparams: { n: cost.n, r: 8, p: 1, dklen: 32, salt: salt.toString('hex') },
      mac: mac.slice(2),
    },
  }
}

function lowerCaseCrypto(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('Crypto' in json) || 'crypto' in json) return json
  const { Crypto: crypto, ...rest } = json
  return { ...rest, crypto }
}
