// Names for the stores that an IPFS node is given, as Helia declares them.
import type { HeliaInit } from 'helia'

export type Blockstore = NonNullable<HeliaInit['blockstore']>
