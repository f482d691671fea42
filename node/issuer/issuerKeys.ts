// The agent's keys for paid unlocks: one secret on the disk, encrypted; from it an issuer key for each device, and the account for gas.
import { hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import { type Bytes, fromHex, toHex } from '../../src/core/bytes.ts'
import { type DeviceId, devicePublicKey } from '../../src/core/identity.ts'
import type { MarketDomain } from '../../src/core/lock/grant.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import { decryptKeystore, encryptKeystore } from '../keys/keystore.ts'

interface IssuerKey {
  /** x || y, 64 bytes: what a Config names. */
  readonly publicKey: Bytes
  readonly secretKey: Uint8Array
}

export interface IssuerKeys {
  /**
   * The same for a device at every time, and another for each: nothing has to be stored for who merely asks, and a key that
   * one owner has in his Config says nothing about another's.
   */
  of(deviceId: DeviceId): IssuerKey
  /** secp256k1: sends `fulfil` and `payOut`, and holds no more than it is given for that. */
  readonly gas: LocalAccount
}

/** `domain`: of the Market; keys for another one are others. Fails with wrongPassphrase or a damaged key file's kind. */
export async function openIssuerKeys(options: {
  readonly directory: string
  readonly domain: MarketDomain
  readonly passphrase: string
  /** Of a new key file's scrypt. */
  readonly keyCost?: { readonly n: number }
}): Promise<Result<IssuerKeys, Failure>> {
  const { directory, domain, passphrase, keyCost } = options
  const file = join(directory, 'key.json')
  const stored = readJsonIfThere(file)
  let master: Uint8Array
  if (stored === undefined) {
    // Kept in the form of an Ethereum key, so the top bit is left out: then it always is one.
    master = randomBytes(32)
    master[0] = (master[0] ?? 0) & 0x7f
    const keystore = await encryptKeystore(toHex(master), passphrase, keyCost)
    writeFileDurably(file, `${JSON.stringify(keystore, null, 2)}\n`, 0o600)
  } else {
    const opened = await decryptKeystore(stored, passphrase)
    if (!opened.ok) return opened
    master = fromHex(opened.value) ?? new Uint8Array()
  }
  // 48 bytes: reduced to a scalar without a bias that matters (FIPS 186-5, A.2.1).
  const seedOf = (purpose: string) => new Uint8Array(hkdfSync('sha256', master, 'fob agent', purpose, 48))
  const keys = new Map<DeviceId, IssuerKey>()
  return ok({
    of(deviceId) {
      const known = keys.get(deviceId)
      if (known) return known
      const secretKey = p256.utils.randomSecretKey(
        seedOf(`issuer ${domain.chainId} ${domain.market} ${deviceId}`),
      )
      const key = { publicKey: devicePublicKey(secretKey), secretKey }
      // Anybody may ask for any device's.
      if (keys.size >= 1024) keys.clear()
      keys.set(deviceId, key)
      return key
    },
    gas: privateKeyToAccount(toHex(secp256k1.utils.randomSecretKey(seedOf('gas')))),
  })
}
