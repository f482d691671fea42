// The ports of one local instance: ten in a row.

export interface Ports {
  readonly app: number
  readonly endpoints: readonly [number, number]
  /** WebSockets in TCP, WebRTC-direct in UDP. */
  readonly seed: number
  readonly gateway: number
  readonly attestors: readonly [number, number, number]
  /** Of the agent that signs for devices of anybody. */
  readonly agent: number
  /** WebSockets of a relay that is not the maker's; absent: none. */
  readonly relay?: number
}

const count = 10

export const defaultPortBase = 8640

export function portsFrom(base: number): Ports {
  return {
    app: base,
    endpoints: [base + 1, base + 2],
    seed: base + 3,
    gateway: base + 4,
    attestors: [base + 5, base + 6, base + 7],
    agent: base + 8,
    relay: base + 9,
  }
}

export const allPorts = ({
  app,
  endpoints,
  seed,
  gateway,
  attestors,
  agent,
  relay,
}: Ports): readonly number[] => [
  app,
  ...endpoints,
  seed,
  gateway,
  ...attestors,
  agent,
  ...(relay === undefined ? [] : [relay]),
]

/** undefined where `text` is no number from which ten ports in a row can be counted. */
export function parsePortBase(text: string): number | undefined {
  const base = Number(text)
  return Number.isInteger(base) && base >= 1024 && base <= 65_536 - count ? base : undefined
}
