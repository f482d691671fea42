// The true scrypt at its true strength: RFC 7914, a whole vault's life, and a page that goes on painting meanwhile.
import { scryptSync } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { stretchInPage, stretchInWorker } from '../../../src/io/keys/stretch.ts'
import golden from '../../vectors/wallet/vault-v1.json' with { type: 'json' }
import { Browser, outcome, ownerOf, secret } from './browser.ts'

const salt = Uint8Array.from(Buffer.from('0123456789abcdef0123456789abcdef'))
const browser = new Browser()
afterAll(() => browser.close())

describe('a passphrase', () => {
  it("is stretched as OpenSSL's scrypt does, and is left to its owner", async () => {
    const passphrase = secret('correct horse battery')
    const key = await stretchInPage(passphrase, salt, { log2N: 14 })
    const options = { N: 2 ** 14, r: 8, p: 1, maxmem: 2 ** 28 }
    expect(Buffer.from(key)).toEqual(scryptSync('correct horse battery', salt, 32, options))
    expect(passphrase).toEqual(secret('correct horse battery'))
  })

  it('is stretched in the page where there is no worker', async () => {
    const inPage = await stretchInPage(secret('correct horse'), salt, { log2N: 10 })
    expect(await stretchInWorker(secret('correct horse'), salt, { log2N: 10 })).toEqual(inPage)
  })

  it('leaves the page time to do other things', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await stretchInPage(secret('correct horse battery'), salt, { log2N: 15 })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(2)
  })
})

it('a file of the first version is imported with its passphrase, at full strength, and locked and opened again', async () => {
  const tab = await browser.open({ stretch: stretchInPage, ms: 0 })
  const file = Uint8Array.from(Buffer.from(golden.file, 'hex'))
  expect(outcome(await tab.vault.importFile({ file, passphrase: secret(golden.passphrase) }))).toBe('ok')
  expect(await ownerOf(tab.vault)).toBe(golden.owner)
  tab.vault.lock()
  expect(outcome(await tab.vault.unlock(secret('not its passphrase')))).toBe('wrongPassphrase')
}, 120_000)
