// Files of a box that are there and can't be read: nothing is made anew over them, and nothing is paid without them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSpending } from '../../../node/agent/spending.ts'
import { openPurse } from '../../../node/channels/payerPurse.ts'
import { readJsonIfThere } from '../../../node/files.ts'
import { openIssuerKeys } from '../../../node/issuer/issuerKeys.ts'
import { ok } from '../../../src/core/result.ts'
import { channelIdOf } from '../../../src/core/voucher/channel.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { accountOf, keyOf } from '../voucher/people.ts'
import { temporaryDirectory } from './temporary.ts'

const directory = temporaryDirectory()
const domain = { chainId: 31_337, market: accountOf('market') }

describe.each([
  ['empty', ''],
  ['cut off', '{"crypto": {'],
])('a file that is %s', (name, content) => {
  const place = (file: string): string => {
    const path = join(directory, `${name} ${file}`)
    writeFileSync(path, content)
    return path
  }

  it('is not taken for one that was never there', () => {
    expect(readJsonIfThere(place('any.json'))).toBeNull()
    expect(readJsonIfThere(join(directory, 'never.json'))).toBeUndefined()
  })

  it('of what was spent stops all spending: else the day’s limit would begin anew', () => {
    const opened = (file: string) =>
      openSpending({ file, rules: () => noRules, isStopped: () => false, now: () => 0 })
    expect(opened(place('spending.json'))).toMatchObject({ error: { kind: 'spendingUnreadable' } })
    expect(opened(join(directory, 'never.json')).ok).toBe(true)
  })

  it('of the issuer’s key is left as it is: a new key over it would lose all grants and the gas', async () => {
    const box = temporaryDirectory()
    const path = join(box, 'key.json')
    writeFileSync(path, content)
    const opened = await openIssuerKeys({
      directory: box,
      domain,
      passphrase: 'of the box',
      keyCost: { n: 2 },
    })
    expect(opened).toMatchObject({ ok: false, error: { kind: 'keystoreMalformed' } })
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it('of a purse refuses its channel', async () => {
    const terms = {
      ...{ payer: accountOf('payer'), payee: accountOf('payee'), signer: accountOf('agent'), token: null },
      ...{ exitDelay: 86_400, nonce: 1n },
    }
    const purses = temporaryDirectory()
    writeFileSync(join(purses, `${channelIdOf(terms)}.json`), content)
    const opened = await openPurse({
      directory: purses,
      domain: { chainId: 31_337, paymentChannels: accountOf('channels') },
      terms,
      secretKey: keyOf('agent'),
      read: async () => ok({ deposit: 10n, claimed: 0n, exitAt: 0 }),
    })
    expect(opened).toMatchObject({ ok: false, error: { kind: 'purseUnreadable' } })
  })
})
