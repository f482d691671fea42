// The ports of one local instance: five in a row.

export interface Ports {
  readonly app: number
  readonly endpoints: readonly [number, number]
  /** WebSockets in TCP, WebRTC-direct in UDP. */
  readonly seed: number
  readonly gateway: number
}

export const defaultPortBase = 8640

export function portsFrom(base: number): Ports {
  return { app: base, endpoints: [base + 1, base + 2], seed: base + 3, gateway: base + 4 }
}

/** undefined where `text` is no number from which five ports in a row can be counted. */
export function parsePortBase(text: string): number | undefined {
  const base = Number(text)
  return Number.isInteger(base) && base >= 1024 && base <= 65_530 ? base : undefined
}
