// Puts the wallet together over its ports, as the one object that the ui knows.
import type { Address, Hex } from '../../core/bytes.ts'
import type { TypedData } from '../../core/eip712.ts'
import { givenName } from '../../core/invisible.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { ChannelTerms } from '../../core/voucher/channel.ts'
import type { KnownContract, SigningContext } from '../../core/wallet/contracts.ts'
import { formatPaymentUri } from '../../core/wallet/eip681.ts'
import type { WriteSizes } from '../deviceSession.ts'
import type { Devices } from '../devices.ts'
import type { NetworkView } from '../fob.ts'
import { Observable, type Readable } from '../observable.ts'
import type { DevicePort, DeviceSource } from '../ports/device.ts'
import type { Platform } from '../ports/platform.ts'
import type { VaultPort } from '../ports/vault.ts'
import type { AccountRecord, ContactRecord } from '../ports/walletStore.ts'
import type { WalletPorts } from '../ports.ts'
import { Part, type World } from '../world.ts'
import { Accounts } from './accounts.ts'
import { accountView, accountViews } from './accountViews.ts'
import { Activity } from './activity.ts'
import { type ConfirmParts, confirmDraft, confirmStatement } from './confirmDraft.ts'
import type { OwnedDeviceView } from './deviceOwnership.ts'
import { Drafts } from './drafts.ts'
import { connectExternalOwner, followExternalOwner } from './externalOwner.ts'
import { FollowPayments } from './followPayments.ts'
import { LostVault } from './lostVault.ts'
import { createOwnership, type Ownership } from './ownership/createOwnership.ts'
import type { WalletParts } from './parts.ts'
import { readPaymentRequest } from './paymentRequest.ts'
import { Payments } from './payments.ts'
import { Proposals } from './proposals.ts'
import { Refresh } from './refresh.ts'
import { paidAddresses, signingContextOf } from './signingContext.ts'
import { unreachableChain } from './unreachableChain.ts'
import type { AccountView, ConfirmFailure, Proposal, ProposeFailure, Wallet, WalletVault } from './wallet.ts'
import { networkOf } from './walletNetwork.ts'

export interface WalletWorld {
  readonly platform: Platform
  readonly ports: WalletPorts
  /** Ready: there is nothing to show of a wallet without a network. */
  readonly network: Readable<NetworkView>
  readonly world: Pick<World, 'config'>
  readonly devices: Devices
  readonly port: (source: DeviceSource) => Promise<DevicePort>
  readonly writeSizes: WriteSizes
}

/** For other use cases that have the owner account sign something; the ui has no use for it. */
export interface WalletInside extends Wallet {
  /** A statement of the owner account, to be shown and confirmed like any other. */
  proposeStatement(typedData: TypedData): Promise<Result<Proposal, ProposeFailure>>
  /** 65 bytes, or what a contract's wallet gives. */
  confirmStatement(proposal: Proposal): Promise<Result<Hex, ConfirmFailure>>
  /** What these are asked is put into words from now on; they are this network's, as the caller has proven. */
  knowContracts(contracts: readonly KnownContract[]): void
  /** Statements that name these by their ids are put into words from now on. */
  knowChannels(channels: readonly ChannelTerms[]): void
}

const EXPERT = 'isExpert'

export async function createWallet(from: WalletWorld): Promise<WalletInside> {
  const { platform, ports, network } = from
  const { vault, stores, injected } = ports
  const config = () => from.world.config
  const chainPart = new Part(
    made => ports.chain(made),
    ({ chain }) => chain,
  )
  const parts: WalletParts = {
    ...ports,
    platform,
    config,
    chain: () => chainPart.of(config()).catch(() => unreachableChain),
  }
  const accounts = new Accounts(parts)
  const lostVault = new LostVault(parts, accounts)
  const payments = new Payments(parts)
  const following = new FollowPayments(parts, payments)
  const activity = new Activity(parts, id => accounts.get(id))
  const drafts = new Drafts(platform)
  const contacts = new Observable<readonly ContactRecord[]>([])
  const isExpert = new Observable(false)
  const isPersisted = new Observable<boolean | null>(null)
  const views = new Observable<readonly AccountView[]>([])
  let owned: Readable<readonly OwnedDeviceView[]> = new Observable<readonly OwnedDeviceView[]>([])
  let ownership: Ownership | undefined

  const facts = () => ({
    config: config(),
    devices: owned.get(),
    activityOf: (id: string) => activity.view(id).get(),
  })
  const viewOf = (record: AccountRecord): AccountView => accountView(record, facts())
  const showAccounts = () =>
    views.set(accountViews(accounts.records.get().values(), accounts.ownerId, facts()))

  let knownBesides: readonly KnownContract[] = []
  let knownChannels: readonly ChannelTerms[] = []
  const signingContext = (): SigningContext => {
    const context = signingContextOf({
      config: config(),
      abis: ports.abis,
      knownAddresses: [
        ...[...accounts.records.get().values()].map(({ address }) => address),
        ...contacts.get().map(({ address }) => address),
        ...paidAddresses(payments.records.get(), activity.movements()),
      ],
      isExpert: isExpert.get(),
      now: platform.unixNow(),
    })
    const contracts = [...context.contracts, ...knownBesides]
    return { ...context, contracts, channels: knownChannels }
  }

  const proposals = new Proposals({
    ...parts,
    accounts,
    payments,
    drafts,
    context: signingContext,
    viewOf,
    ownsDevice: deviceId =>
      owned
        .get()
        .some(
          ({ deviceId: id, stage }) =>
            id === deviceId && (stage.kind === 'owned' || stage.kind === 'givingAway'),
        ),
  })
  const confirming: ConfirmParts = { ...parts, payments, following, drafts, context: signingContext }
  const refresh = new Refresh({
    ...parts,
    accounts,
    payments,
    following,
    activity,
    refreshDevices: async () => ownership?.refreshDevices(),
    isGivingAway: () => owned.get().some(({ stage }) => stage.kind === 'givingAway'),
  })
  const lookForExternal = followExternalOwner(injected, accounts)

  async function loadValues(): Promise<void> {
    isExpert.set((await stores.values.get<boolean>(EXPERT)) ?? false)
  }

  async function loadContacts(): Promise<void> {
    contacts.set([...(await stores.contacts.all())].sort((a, b) => a.name.localeCompare(b.name)))
  }

  let shownNetwork = networkOf(config())
  /** Another network, or the same with other tokens or endpoints. */
  async function followNetwork(): Promise<void> {
    if (network.get().status !== 'ready') return
    if (networkOf(config()) !== shownNetwork) {
      shownNetwork = networkOf(config())
      drafts.clear()
      await accounts.load()
      await payments.load()
      await activity.reload()
      await ownership?.reload()
      if (vault.state.get().kind === 'unlocked') findDevicesOnce()
    }
    showAccounts()
    payments.refreshViews()
    refresh.again()
  }

  let wasWithout = false
  async function followVault(): Promise<void> {
    const { kind } = vault.state.get()
    const isErased = await lostVault.isErased()
    if (kind === 'none') {
      wasWithout = true
      if (isErased) await forgetVault()
      isPersisted.set(null)
    }
    if (kind !== 'unlocked') return
    const address = await vault.address({ kind: 'owner' })
    if (!address.ok) return
    // Other words than those whose records these are: nothing of the two is mixed.
    if (accounts.vaultOwner && accounts.vaultOwner !== address.value) await forgetVault()
    await accounts.openedVault(address.value)
    if (wasWithout) {
      wasWithout = false
      isPersisted.set(await platform.askForPersistence())
      refresh.again()
    }
    findDevicesOnce()
  }

  let searched = ''
  /** Words from elsewhere may own devices that this browser has never met: looked for once, until it was answered. */
  function findDevicesOnce(): void {
    const here = `${networkOf(config())}/${accounts.owner.get()?.address}`
    if (searched === here || owned.get().length > 0) return
    searched = here
    const forgetSearch = () => {
      searched = ''
    }
    if (ownership) findDevices(ownership).then(found => found.ok || forgetSearch(), forgetSearch)
  }

  /** Their accounts come with them, and what those hold is what a person looks for. */
  async function findDevices(from: Ownership): ReturnType<Wallet['findDevices']> {
    const found = await from.findDevices()
    if (found.ok && found.value.found > 0) void refresh.afresh()
    return found
  }

  /** What the accounts sent and got goes first: were they gone, nobody would come back for it. */
  async function forgetVault(): Promise<void> {
    drafts.clear()
    await payments.forgetVault()
    await activity.forget(address => address !== accounts.external?.address)
    await ownership?.forgetVault()
    await accounts.forgetVault()
    await lostVault.erased()
  }

  let queue: Promise<unknown> = Promise.resolve()
  /** What only follows is done in order. A store that fails tells so itself, and the next change tries it again. */
  const inOrder = (task: () => Promise<void>) => () => {
    queue = queue.then(task).catch(() => {})
  }

  await Promise.all([accounts.load(), payments.load(), loadValues(), loadContacts()])
  const owning = await createOwnership({
    ...parts,
    lockKeys: ports.lockKeys,
    accounts,
    proposals: {
      payments: payments.views,
      proposeTransaction: call => proposals.proposeTransaction(call),
      proposeStatement: typedData => proposals.proposeStatement(typedData),
      confirmStatement: proposal => confirmStatement(confirming, proposal),
    },
    signingContext,
    devices: from.devices,
    port: from.port,
    writeSizes: from.writeSizes,
  })
  ownership = owning
  owned = owning.devices
  if (accounts.vaultOwner) isPersisted.set((await platform.storageEstimate())?.persisted ?? null)

  for (const source of [accounts.records, accounts.owner, owned, activity.changed])
    source.subscribe(showAccounts)
  showAccounts()
  vault.state.subscribe(inOrder(followVault))
  network.subscribe(inOrder(followNetwork))
  stores.onForeignChange(table => {
    if (table === 'accounts' || table === 'values') inOrder(() => accounts.load())()
    if (table === 'values') inOrder(loadValues)()
    if (table === 'payments') inOrder(() => payments.load())()
    if (table === 'activity') inOrder(() => activity.reload())()
    if (table === 'contacts') inOrder(loadContacts)()
  })
  inOrder(followVault)()
  // Beside the rest, which must not wait for a wallet that is not there.
  void lookForExternal()
  // Whatever was written down and not sent goes out now, whether anybody looks or not.
  inOrder(() => following.follow())()

  return {
    ...owning,
    findDevices: () => findDevices(owning),
    vault: {
      ...withoutSigning(vault),
      async erase() {
        await lostVault.willErase()
        return vault.erase()
      },
    },
    lostVault: lostVault.address,
    async forgetLostVault() {
      await lostVault.willErase()
      inOrder(followVault)()
    },
    owner: accounts.owner,
    accounts: refresh.watching.watched(views),
    payments: refresh.watching.watched(payments.views),
    contacts,
    injected: injected.found,
    isPersisted,
    isExpert,
    lastFailure: refresh.lastFailure,
    async setExpert(wanted) {
      isExpert.set(wanted)
      await stores.values.put(EXPERT, wanted)
    },
    refresh: () => refresh.all(),
    propose: write => proposals.propose(write),
    confirm: (proposal, speed) => confirmDraft(confirming, proposal, speed),
    proposeStatement: typedData => proposals.proposeStatement(typedData),
    confirmStatement: proposal => confirmStatement(confirming, proposal),
    knowChannels(channels) {
      knownChannels = channels
    },
    knowContracts(contracts) {
      const others = knownBesides.filter(known => contracts.every(({ address }) => address !== known.address))
      knownBesides = [...others, ...contracts]
    },
    proposeSpeedUp: paymentId => proposals.proposeSpeedUp(paymentId),
    proposeCancel: paymentId => proposals.proposeCancel(paymentId),
    activity: account => activity.view(account),
    readActivity: account => activity.read(account),
    forgetUnanswered: id => payments.forgetUnanswered(id),
    readPaymentRequest: text => readPaymentRequest(text, config()),
    paymentRequestText: formatPaymentUri,
    async saveContact(name, address) {
      const given = givenName(name)
      if (given) await stores.contacts.put({ address: lowerCase(address), name: given })
      await loadContacts()
    },
    async removeContact(address) {
      await stores.contacts.delete(lowerCase(address))
      await loadContacts()
    },
    connectInjected: id => connectExternalOwner(injected, accounts, id),
    switchToVaultOwner: () => accounts.setExternal(null),
    async askFaucet() {
      const { demo } = config()
      const owner = accounts.owner.get()
      if (!demo?.faucet || !owner) return fail({ kind: 'faucetUnavailable' })
      const status = await ports.postJson(demo.faucet, { address: owner.address })
      if (status === 429) return fail({ kind: 'faucetEnough' })
      if (status === undefined || status < 200 || status > 299) return fail({ kind: 'faucetUnavailable' })
      refresh.expect()
      return ok(null)
    },
    get hasFaucet() {
      return config().demo?.faucet !== undefined
    },
  }
}

const lowerCase = (address: Address): Address => `0x${address.slice(2).toLowerCase()}`

/** Signing is not merely hidden by the type: what the ui holds can't sign. */
function withoutSigning({ sign: _, signWithOwnerKey: __, address: ___, ...rest }: VaultPort): WalletVault {
  return rest
}
