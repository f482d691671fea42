// Whose signature it is: as viem's wallets make them, and nobody's for every other form.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import { signerOf } from '../../../src/core/wallet/accountSignature.ts'

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const digest = new Uint8Array(32).fill(3)
const signed = async () => fromHex(await account.sign({ hash: toHex(digest) })) ?? new Uint8Array()

describe('the signer of a digest', () => {
  it('is the account that signed', async () => {
    expect(signerOf(digest, await signed())).toBe(account.address.toLowerCase())
  })

  it('is another one, or nobody, with any byte of either changed', async () => {
    const signature = await signed()
    for (let i = 0; i < signature.length; i++) {
      const changed = Uint8Array.from(signature, (byte, at) => (at === i ? byte ^ 1 : byte))
      expect(signerOf(digest, changed)).not.toBe(account.address.toLowerCase())
    }
    const other = Uint8Array.from(digest, (byte, at) => (at === 9 ? byte ^ 1 : byte))
    expect(signerOf(other, signature)).not.toBe(account.address.toLowerCase())
  })

  it('is nobody for the other s of the same signature, which the registry refuses too', async () => {
    const signature = await signed()
    const s = BigInt(toHex(signature.subarray(32, 64)))
    const high = secp256k1.Point.Fn.ORDER - s
    const other = fromHex(`0x${high.toString(16).padStart(64, '0')}`) ?? new Uint8Array()
    const v = signature[64] === 27 ? 28 : 27
    expect(signerOf(digest, Uint8Array.of(...signature.subarray(0, 32), ...other, v))).toBeUndefined()
  })

  it('is nobody for other lengths and other v, and nothing throws', async () => {
    const signature = await signed()
    expect(signerOf(digest, signature.subarray(0, 64))).toBeUndefined()
    expect(signerOf(digest.subarray(1), signature)).toBeUndefined()
    expect(signerOf(digest, Uint8Array.of(...signature.subarray(0, 64), 0))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), bytes => {
        const signer = signerOf(digest, bytes)
        expect(signer === undefined || /^0x[0-9a-f]{40}$/.test(signer)).toBe(true)
      }),
    )
  })
})
