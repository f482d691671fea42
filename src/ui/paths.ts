// Every address within the app, in one place, so that links and routes can't drift apart.
import type { Address } from '../core/bytes.ts'
import type { Model } from '../core/registry/model.ts'

export const paths = {
  devices: '/',
  makers: '/makers',
  addMaker: '/makers/add',
  releases: '/releases',
  settings: '/settings',
  network: '/settings/network',
  networkChange: '/settings/network/change',
  browser: '/browser',
  device: (key: string) => `/device/${encodeURIComponent(key)}`,
  update: (key: string) => `/device/${encodeURIComponent(key)}/update`,
  receipt: (key: string, id: string) => `/device/${encodeURIComponent(key)}/result/${encodeURIComponent(id)}`,
  maker: (address: Address) => `/makers/${address}`,
  /** Pinning, with a maker that the network suggests already opened. */
  addSuggested: (address: Address) => `/makers/add?suggested=${address}`,
  model: ({ maker, name, hardware }: Model) =>
    `/releases/${maker}/${encodeURIComponent(name)}/${encodeURIComponent(hardware)}`,
} as const
