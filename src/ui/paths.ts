// Every address within the app, in one place, so that links and routes can't drift apart.
import type { Address } from '../core/bytes.ts'
import type { Model } from '../core/registry/model.ts'

/** An account's id holds slashes (`device/3`), which even encoded would divide the address; it never holds a tilde. */
const accountSegment = (id: string): string => id.replaceAll('/', '~')
export const accountIdOf = (segment: string): string => segment.replaceAll('~', '/')

export const paths = {
  devices: '/',
  console: (deviceKey: string) => `/device/${encodeURIComponent(deviceKey)}/console`,
  ways: '/add',
  gateway: (peerId: string) => `/add/gateway/${peerId}`,
  wallet: '/wallet',
  walletCreate: '/wallet/create',
  walletRestore: '/wallet/restore',
  walletBackup: '/wallet/backup',
  walletVault: '/wallet/vault',
  channels: '/wallet/channels',
  account: (id: string) => `/wallet/account/${accountSegment(id)}`,
  accountActivity: (id: string) => `/wallet/account/${accountSegment(id)}/activity`,
  receive: (id: string) => `/wallet/account/${accountSegment(id)}/receive`,
  send: (id: string) => `/wallet/account/${accountSegment(id)}/send`,
  claim: (deviceKey: string) => `/wallet/claim/${encodeURIComponent(deviceKey)}`,
  ownedDevice: (deviceId: string) => `/wallet/device/${deviceId}`,
  give: (deviceId: string) => `/wallet/device/${deviceId}/give`,
  take: '/wallet/take',
  payment: (id: string) => `/wallet/payment/${encodeURIComponent(id)}`,
  keys: '/keys',
  keysNear: '/keys/near',
  keysScan: '/keys/scan',
  keysReceive: '/keys/receive',
  keysCheck: '/keys/check',
  key: (id: string) => `/keys/key/${encodeURIComponent(id)}`,
  moveKey: (id: string) => `/keys/key/${encodeURIComponent(id)}/move`,
  offer: (offerId: string) => `/offer/${offerId}`,
  letting: (deviceId: string) => `/let/${deviceId}`,
  newOffer: (deviceId: string) => `/let/${deviceId}/offer`,
  saleHours: (deviceId: string) => `/let/${deviceId}/hours`,
  lendKey: (deviceId: string) => `/let/${deviceId}/lend`,
  lendFree: (deviceId: string) => `/let/${deviceId}/staff`,
  kiosk: '/kiosk',
  /** Things bought at kiosks; `saleLink` leads here with a kiosk’s code behind the #. */
  bought: '/buy',
  prepaid: '/buy/prepaid',
  boughtThing: (id: string) => `/buy/${encodeURIComponent(id)}`,
  selling: (deviceId: string) => `/sell/${deviceId}`,
  products: (deviceId: string) => `/sell/${deviceId}/products`,
  grantKiosk: (deviceId: string) => `/sell/${deviceId}/kiosk`,
  fleet: '/several',
  makers: '/makers',
  addMaker: '/makers/add',
  /** Pinning, and then back to the device that named the maker. */
  addMakerOf: (deviceKey: string) => `/makers/add?device=${encodeURIComponent(deviceKey)}`,
  releases: '/releases',
  settings: '/settings',
  serving: '/settings/serving',
  handOver: '/settings/serving/hand-over',
  network: '/settings/network',
  networkChange: '/settings/network/change',
  browser: '/browser',
  device: (key: string) => `/device/${encodeURIComponent(key)}`,
  update: (key: string) => `/device/${encodeURIComponent(key)}/update`,
  receipt: (key: string, id: string) => `/device/${encodeURIComponent(key)}/result/${encodeURIComponent(id)}`,
  maker: (address: Address) => `/makers/${address}`,
  /** Pinning, with a maker that the network suggests already opened, and back to the device that named it. */
  addSuggested: (address: Address, deviceKey: string) =>
    `/makers/add?suggested=${address}&device=${encodeURIComponent(deviceKey)}`,
  model: ({ maker, name, hardware }: Model) =>
    `/releases/${maker}/${encodeURIComponent(name)}/${encodeURIComponent(hardware)}`,
} as const
