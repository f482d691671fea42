// How long a packet is on the air. The radio asks before it delivers; what answers decides what speed figures mean.

type Direction = 'toDevice' | 'toPhone'

export interface LinkModel {
  /** Resolves when a packet of `bytes` (ATT value) has arrived. Packets of one direction are asked for one by one. */
  carry(direction: Direction, bytes: number): Promise<void>
}

/** As fast as the bus: for tests of behaviour, not of speed. */
export const instantLink: LinkModel = { carry: async () => undefined }
