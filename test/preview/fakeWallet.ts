// A wallet without a chain, for looking at its screens.
import { Observable } from '../../src/app/observable.ts'
import type { InjectedWalletInfo } from '../../src/app/ports/injectedWallets.ts'
import type { ContactRecord } from '../../src/app/ports/walletStore.ts'
import type { DeviceTask, OwnedDeviceView } from '../../src/app/wallet/deviceOwnership.ts'
import type { AccountView, OwnerView, PaymentView, Wallet } from '../../src/app/wallet/wallet.ts'
import { fail, ok } from '../../src/core/result.ts'
import type { Amount } from '../../src/core/wallet/sentence.ts'
import { moneyAccounts, moneyAnswers, moneyDevices, moneyPayments } from './fakeMoney.ts'
import { baseVault, createFakeVault, type VaultScenario } from './fakeVault.ts'
import * as fixtures from './fixtures.ts'

export interface WalletScenario {
  readonly vault: VaultScenario
  readonly isLost?: boolean
  readonly accounts: readonly AccountView[]
  readonly payments: readonly PaymentView[]
  readonly contacts: readonly ContactRecord[]
  readonly devices: readonly OwnedDeviceView[]
  readonly injected: readonly InjectedWalletInfo[]
  readonly isPersisted: boolean | null
  /** Has activity, and answers what is proposed. */
  readonly hasMoney?: boolean
}

const ether = (value: number): Amount => ({
  value: BigInt(Math.round(value * 1e6)) * 10n ** 12n,
  token: null,
  symbol: 'ETH',
  decimals: 18,
})

const ownerAddress = '0x52908400098527886e0f7030069857d2e4169ee7'

const accounts: readonly AccountView[] = [
  {
    id: 'owner',
    name: { kind: 'owner' },
    address: ownerAddress,
    deviceId: null,
    deviceName: null,
    balances: [ether(1.25)],
    evidence: fixtures.proven(14),
    earned: [ether(2.5)],
    spent: [ether(1.25)],
  },
  {
    id: 'device/0',
    name: { kind: 'device', index: 0 },
    address: fixtures.hex(201, 20),
    deviceId: fixtures.hex(45),
    deviceName: 'Front door',
    balances: [ether(0.042)],
    evidence: fixtures.proven(14),
    earned: [ether(0.05)],
    spent: [ether(0.008)],
  },
]

const base: WalletScenario = {
  vault: baseVault,
  accounts,
  payments: [],
  contacts: [],
  devices: [],
  injected: [],
  isPersisted: true,
}

const withVault = (change: Partial<VaultScenario>): WalletScenario => ({
  ...base,
  vault: { ...baseVault, ...change },
})

/** A square, as a wallet announces it (EIP-6963). */
const icon =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"%3E%3Crect width="8" height="8" fill="%23d60"/%3E%3C/svg%3E'

export const walletScenarios = {
  wallet: base,
  walletMoney: {
    ...base,
    accounts: moneyAccounts,
    payments: moneyPayments,
    devices: moneyDevices,
    contacts: [{ address: fixtures.hex(204, 20), name: 'Ann' }],
    hasMoney: true,
  },
  walletNone: {
    ...withVault({ begin: 'none', isBackedUp: false, passkeys: 0 }),
    accounts: [],
    isPersisted: null,
  },
  walletNoneRefusing: {
    ...withVault({ begin: 'none', passkeys: 0, passkeyAnswer: 'passkeyWithoutPrf' }),
    accounts: [],
    isPersisted: false,
  },
  walletLocked: withVault({ begin: 'locked' }),
  walletLockedPlain: withVault({ begin: 'locked', passkeys: 0 }),
  walletWaiting: withVault({ begin: 'waiting' }),
  walletNotBackedUp: { ...withVault({ isBackedUp: false, passkeys: 0 }), isPersisted: false },
  walletPasskeys: withVault({ passkeys: 3 }),
  walletNoPasskeys: withVault({ passkeys: 0, canUsePasskeys: false }),
  walletUnreadable: withVault({ begin: 'unreadable' }),
  walletLost: { ...withVault({ begin: 'none' }), isLost: true },
  walletNewer: withVault({ begin: 'unreadable', why: { kind: 'vaultNewer', version: 2 } }),
  walletInjected: {
    ...base,
    injected: [
      { id: 'io.example.fox', name: 'Fox Wallet', icon },
      { id: 'org.example.long', name: 'Wallet with a very long name that does not end so soon', icon: null },
    ],
  },
} as const satisfies Record<string, WalletScenario>

export function createFakeWallet(scenario: WalletScenario): Wallet {
  const vault = createFakeVault(scenario.vault)
  const isPersisted = new Observable(scenario.isPersisted)
  const isExpert = new Observable(false)
  const own: OwnerView = { kind: 'vault', address: ownerAddress, walletName: null, isThere: true }
  const owner = new Observable<OwnerView | null>(scenario.accounts.length === 0 ? null : own)
  const known = new Observable(scenario.accounts)
  const contacts = new Observable(scenario.contacts)
  vault.state.subscribe(() => {
    if (vault.state.get().kind !== 'unlocked') return
    if (known.get().length === 0) known.set(accounts.slice(0, 1))
    if (owner.get() === null) owner.set(own)
    if (isPersisted.get() === null) isPersisted.set(true)
  })
  return {
    vault,
    lostVault: new Observable(scenario.isLost === true ? ownerAddress : null),
    forgetLostVault: async () => {},
    owner,
    accounts: known,
    payments: new Observable(scenario.payments),
    contacts,
    injected: new Observable(scenario.injected),
    isPersisted,
    isExpert,
    async setExpert(wanted) {
      isExpert.set(wanted)
    },
    lastFailure: new Observable(null),
    hasFaucet: true,
    refresh: async () => {},
    propose: async () => fail({ kind: 'notOnThisNetwork' }),
    confirm: async () => fail({ kind: 'proposalExpired' }),
    proposeSpeedUp: async () => fail({ kind: 'alreadyMined' }),
    proposeCancel: async () => fail({ kind: 'alreadyMined' }),
    activity: () => new Observable({ movements: [], since: null, readAt: null, lastFailure: null }),
    readActivity: async () => {},
    readPaymentRequest: () => fail({ kind: 'notAPaymentRequest' }),
    paymentRequestText: ({ to, chainId }) => `ethereum:${to}@${String(chainId ?? 1)}`,
    forgetUnanswered: async () => false,
    async saveContact(name, address) {
      contacts.update(all => [...all.filter(contact => contact.address !== address), { name, address }])
    },
    async removeContact(address) {
      contacts.update(all => all.filter(contact => contact.address !== address))
    },
    async connectInjected(id) {
      const info = scenario.injected.find(found => found.id === id)
      if (info === undefined) return fail({ kind: 'injectedMissing' })
      if (info.icon === null) return fail({ kind: 'injectedRefused' })
      owner.set({ kind: 'external', address: fixtures.hex(202, 20), walletName: info.name, isThere: true })
      return ok(null)
    },
    async switchToVaultOwner() {
      owner.set(own)
    },
    askFaucet: async () => ok(null),
    devices: new Observable(scenario.devices),
    tasks: new Observable<ReadonlyMap<string, DeviceTask>>(new Map()),
    readOwnership: async () => fail({ kind: 'outOfReach' }),
    pair: async () => fail({ kind: 'outOfReach' }),
    cancelTask: () => {},
    proposeClaim: async () => fail({ kind: 'outOfReach' }),
    changeConfig: async () => fail({ kind: 'outOfReach' }),
    deliverConfig: async () => fail({ kind: 'outOfReach' }),
    proposeFileConfig: async () => fail({ kind: 'notOnThisNetwork' }),
    makeTakeCode: async () => fail({ kind: 'vaultLocked' }),
    readTakeCode: () => fail({ kind: 'notATakeCode' }),
    proposeGive: async () => fail({ kind: 'outOfReach' }),
    takeBackGiven: async () => fail({ kind: 'outOfReach' }),
    confirmGive: async () => fail({ kind: 'proposalExpired' }),
    readGiveCode: async () => fail({ kind: 'notAGiveCode' }),
    proposeTaking: async () => fail({ kind: 'notAGiveCode' }),
    finishTaking: async () => fail({ kind: 'outOfReach' }),
    pressDemoButton: async () => false,
    findDevices: async () => ok({ found: 0, isComplete: true }),
    custodyOf: async () => ok([]),
    renameOwned: async () => {},
    changeRules: async () => ok(null),
    forgetOwned: async () => {},
    ...(scenario.hasMoney === true ? moneyAnswers() : {}),
  }
}
