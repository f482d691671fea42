// Opening the vault, against what nobody can do without: scrypt of its strength, in native code.
import { scryptSync } from 'node:crypto'
import { scrypt } from '@noble/hashes/scrypt.js'
import { MIN_LOG2N } from '../../../src/core/wallet/stretching.ts'
import { readVault } from '../../../src/core/wallet/vaultFile.ts'
import { type Stretch, stretchInPage } from '../../../src/io/keys/stretch.ts'
import { Browser, FIRST, secret, type Tab, WORDS } from '../../unit/keys/browser.ts'
import { medianTimes } from '../medians.ts'
import type { Group, Row } from '../row.ts'

/** Each run stretches several times, for a good second in all. */
const runs = 5

export const group: Group = {
  name: `The vault, scrypt at N = 2^${MIN_LOG2N}`,
  async run() {
    const browser = new Browser()
    try {
      const { tab, stretchBy } = await openVault(browser)
      const salt = await saltOf(tab)
      const open = async (stretch: Stretch) => {
        tab.vault.lock()
        stretchBy(stretch)
        succeeded(await tab.vault.unlock(secret(FIRST)))
      }
      const cost = { N: 2 ** MIN_LOG2N, r: 8, p: 1 }
      const times = await medianTimes(runs, {
        passphrase: () => open(stretchAsWorker),
        inPage: () => open(stretchInPage),
        async passkey() {
          tab.vault.lock()
          succeeded(await tab.vault.unlockWithPasskey())
        },
        native: () => scryptSync(secret(FIRST), salt, 32, { ...cost, maxmem: 2 ** 28 }),
      })
      const row = (name: string, value: number, reference: Row['reference']): Row => ({
        name,
        value,
        unit: 'ms',
        reference,
        better: 'lower',
        runs,
      })
      return [
        row('open by passphrase', times.passphrase, {
          name: 'scrypt alone, OpenSSL',
          value: times.native,
        }),
        row('the same without a worker, in slices', times.inPage, {
          name: 'open by passphrase',
          value: times.passphrase,
        }),
        row('open by passkey, once it has answered', times.passkey, {
          name: 'open by passphrase',
          value: times.passphrase,
        }),
      ]
    } finally {
      browser.close()
    }
  },
}

/** What the worker does with what it is sent (src/io/keys/stretchWorker.ts); that it has to start is not counted. */
const stretchAsWorker: Stretch = async (passphrase, salt, { log2N }) =>
  Uint8Array.from(scrypt(passphrase, salt, { N: 2 ** log2N, r: 8, p: 1, dkLen: 32 }))

/** Restored, with a passkey, on a device that takes too long for anything but the least strength. */
async function openVault(browser: Browser) {
  let way = stretchAsWorker
  let tab: Tab | undefined
  tab = await browser.open({
    async stretch(passphrase, salt, stretching) {
      const key = await way(passphrase, salt, stretching)
      tab?.timer.advanceNow(1000 * 2 ** (stretching.log2N - MIN_LOG2N))
      return key
    },
  })
  succeeded(await tab.vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))
  succeeded(await tab.vault.addPasskey({ passphrase: secret(FIRST), label: 'bench' }))
  const stretchBy = (stretch: Stretch): void => {
    way = stretch
  }
  return { tab, stretchBy }
}

async function saltOf({ vault }: Tab): Promise<Uint8Array> {
  const exported = await vault.exportFile()
  if (!exported.ok) throw new Error(exported.error.kind)
  const sealed = readVault(exported.value)
  if (!sealed.ok) throw new Error(sealed.error.kind)
  const { stretching, salt } = sealed.value.header
  if (stretching.log2N !== MIN_LOG2N) throw new Error(`the vault is stretched by 2^${stretching.log2N}`)
  return salt
}

function succeeded(result: { readonly ok: true } | { readonly ok: false; readonly error: { kind: string } }) {
  if (!result.ok) throw new Error(result.error.kind)
}
