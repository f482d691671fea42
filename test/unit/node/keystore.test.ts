// Encrypted key files: the specification's vectors, wrong passphrases, damaged files.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decryptKeystore, encryptKeystore } from '../../../node/keys/keystore.ts'

// Source: ethereum.org, "Web3 Secret Storage Definition", test vectors.
const secret = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const pbkdf2Vector = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}
const scryptVector = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262144,
      r: 1,
      p: 8,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}

describe('decryptKeystore', () => {
  it('opens the specification’s PBKDF2 vector', async () => {
    expect(await decryptKeystore(pbkdf2Vector, 'testpassword')).toEqual({ ok: true, value: secret })
  }, 20_000)

  it('opens the specification’s scrypt vector', async () => {
    expect(await decryptKeystore(scryptVector, 'testpassword')).toEqual({ ok: true, value: secret })
  }, 20_000)

  it('opens files with the old capital C', async () => {
    const { crypto, ...rest } = pbkdf2Vector
    expect(await decryptKeystore({ ...rest, Crypto: crypto }, 'testpassword')).toMatchObject({ ok: true })
  }, 20_000)

  it('says that the passphrase is wrong', async () => {
    const wrong = await decryptKeystore(pbkdf2Vector, 'testpasswort')
    expect(wrong).toEqual({ ok: false, error: { kind: 'wrongPassphrase' } })
  }, 20_000)

  it('refuses a cost that would eat the machine', async () => {
    const greedy = structuredClone(scryptVector)
    greedy.crypto.kdfparams.n = 2 ** 30
    expect(await decryptKeystore(greedy, 'x')).toMatchObject({
      ok: false,
      error: { kind: 'keystoreMalformed' },
    })
  })

  it('never throws, whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async json => {
        expect(await decryptKeystore(json, 'x')).toMatchObject({ ok: false })
      }),
      { numRuns: 50 },
    )
  })
})

describe('encryptKeystore', () => {
  it('makes files that open with their passphrase and no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string({ maxLength: 20 }),
        async (bytes, passphrase) => {
          // Below the curve's order.
          const key = `0x01${Buffer.from(bytes.subarray(1)).toString('hex')}` as const
          const file = JSON.parse(JSON.stringify(await encryptKeystore(key, passphrase, { n: 2 })))
          expect(await decryptKeystore(file, passphrase)).toEqual({ ok: true, value: key })
          expect(await decryptKeystore(file, `${passphrase}x`)).toMatchObject({ ok: false })
        },
      ),
      { numRuns: 20 },
    )
  })
})
