// Statements of the owner account: read into a sentence, signed by the vault or by an injected wallet, and never sent.
import { describe, expect, it } from 'vitest'
import { Accounts } from '../../../src/app/wallet/accounts.ts'
import { accountView } from '../../../src/app/wallet/accountViews.ts'
import { type ConfirmParts, confirmStatement } from '../../../src/app/wallet/confirmDraft.ts'
import { Drafts } from '../../../src/app/wallet/drafts.ts'
import { FollowPayments } from '../../../src/app/wallet/followPayments.ts'
import { Payments } from '../../../src/app/wallet/payments.ts'
import { Proposals } from '../../../src/app/wallet/proposals.ts'
import { signingContextOf } from '../../../src/app/wallet/signingContext.ts'
import { type Address, fromHex, type Hex } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { type HandOver, handOverTypedData } from '../../../src/core/registry/deviceStatements.ts'
import { signerOf } from '../../../src/core/wallet/accountSignature.ts'
import { memoryPlatform } from '../../fixtures/memoryPorts.ts'
import { CHAIN_ID } from '../../fixtures/scriptedChain.ts'
import {
  deviceRegistry,
  friend,
  injectedId,
  kindOf,
  networkConfig,
  owner,
  WalletWorld,
} from '../../fixtures/walletWorld.ts'

const handOver = (from: Address): HandOver => ({
  deviceId: `0x${'ab'.repeat(32)}`,
  owner: from,
  newOwner: friend,
  newAccount: `0x${'c1'.repeat(20)}`,
  counter: 3,
  deadline: 1_900_000_000,
})

const given = (from: Address, chainId = CHAIN_ID) =>
  handOverTypedData({ chainId, registry: deviceRegistry }, handOver(from), 'owner')

async function signing({ isExpert = false } = {}) {
  const world = new WalletWorld()
  const open = await world.open()
  const ports = world.ports({ ...(await world.browser.open()), vault: open.vault })
  const platform = memoryPlatform()
  const config = () => networkConfig()
  const parts = { ...ports, platform, config, chain: async () => world.chain.api() }
  const accounts = new Accounts(parts)
  await accounts.load()
  const payments = new Payments(parts)
  const drafts = new Drafts(platform)
  const context = () =>
    signingContextOf({
      config: config(),
      abis: ports.abis,
      knownAddresses: [],
      isExpert,
      now: platform.unixNow(),
    })
  const facts = () => ({
    config: config(),
    devices: [],
    activityOf: () => open.wallet.activity('owner').get(),
  })
  const proposals = new Proposals({
    ...parts,
    accounts,
    payments,
    drafts,
    context,
    viewOf: record => accountView(record, facts()),
    ownsDevice: () => false,
  })
  const confirming: ConfirmParts = {
    ...parts,
    payments,
    drafts,
    context,
    following: new FollowPayments(parts, payments),
  }
  return { world, open, accounts, proposals, confirming }
}

const signerIn = (typedData: ReturnType<typeof given>, signature: Hex): Address | undefined =>
  signerOf(hashTypedData(typedData), fromHex(signature) ?? new Uint8Array())

describe('a statement', () => {
  it('is put into words, costs nothing, and is signed by the account that it speaks for', async () => {
    const { proposals, confirming, world } = await signing()
    const proposal = await proposals.proposeStatement(given(owner))
    expect(proposal).toMatchObject({
      ok: true,
      value: {
        kind: 'statement',
        fees: [],
        effects: [],
        sentence: { kind: 'handOverGiven', newOwner: friend },
      },
    })
    if (!proposal.ok) return
    const signed = await confirmStatement(confirming, proposal.value)
    expect(signed.ok && signerIn(given(owner), signed.value)).toBe(owner)
    expect(world.chain.taken.size).toBe(0)
  })

  it('of an injected owner is signed there', async () => {
    const { proposals, confirming, accounts, world } = await signing()
    const { address } = world.injected
    await accounts.setExternal({ walletId: injectedId, walletName: 'Fox', address })
    const proposal = await proposals.proposeStatement(given(address))
    if (!proposal.ok) throw new Error(proposal.error.kind)
    const signed = await confirmStatement(confirming, proposal.value)
    expect(signed.ok && signerIn(given(address), signed.value)).toBe(address)
  })

  it('of somebody else, of another chain, of an unknown kind or of the owner key is refused', async () => {
    const { proposals } = await signing()
    expect(kindOf(await proposals.proposeStatement(given(friend)))).toBe('unknownAccount')
    expect(kindOf(await proposals.proposeStatement(given(owner, 1)))).toBe('wrongChain')
    const unknown = {
      ...given(owner),
      primaryType: 'Gift',
      types: { Gift: [{ name: 'to', type: 'address' }] },
      message: { to: friend },
    }
    expect(kindOf(await proposals.proposeStatement(unknown))).toBe('unknownStatement')
    const expert = await signing({ isExpert: true })
    expect(await expert.proposals.proposeStatement(unknown)).toMatchObject({
      ok: true,
      value: { sentence: { kind: 'unknownStatement', type: 'Gift' } },
    })
  })

  it('needs the open vault, and is not signed when it was looked at on another network', async () => {
    const { proposals, confirming, open } = await signing()
    const proposal = await proposals.proposeStatement(given(owner))
    if (!proposal.ok) throw new Error(proposal.error.kind)
    const elsewhere = { ...confirming, config: () => networkConfig({ id: 5 }) }
    expect(kindOf(await confirmStatement(elsewhere, proposal.value))).toBe('proposalExpired')
    open.vault.lock()
    expect(kindOf(await confirmStatement(confirming, proposal.value))).toBe('vaultLocked')
  })
})
