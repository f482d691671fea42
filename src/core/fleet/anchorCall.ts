// The call that writes a report's root down on chain, in the name of whoever sends it (contracts/Anchors.sol).
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import { abiBytes32, abiEncode, abiUint } from '../registry/abi.ts'
import { selectorOf } from '../wallet/abiShape.ts'
import { reportRoot } from './report.ts'
import type { FleetRun } from './run.ts'

/**
 * Each report is a log of its own, anchored once: keccak256 of `fob update report 1/` (UTF-8) and the 32 bytes of its root,
 * so that whoever holds the table finds it, and a report that has changed since is another one.
 */
export const reportLogId = (root: Hex): Hex =>
  toHex(keccak_256(concat(utf8('fob update report 1/'), fromHex(root) ?? new Uint8Array())))

/** `anchor(bytes32 logId, bytes32 root, uint64 size)`: the table's root and how many lines it has. */
export function anchorCall(run: Pick<FleetRun, 'items'>): Hex {
  const selector = fromHex(selectorOf('anchor(bytes32,bytes32,uint64)')) ?? new Uint8Array()
  const root = reportRoot(run)
  const words = [abiBytes32(reportLogId(root)), abiBytes32(root), abiUint(run.items.length)]
  return toHex(concat(selector, abiEncode(words)))
}
