// Why a call reverts, in the contract's own words where they are known.
import { fromHex, type Hex } from '../../../core/bytes.ts'
import {
  type AbiItem,
  type Argument,
  functionSignature,
  readArguments,
  selectorOf,
} from '../../../core/wallet/abiShape.ts'

/** Those that Solidity has by itself. */
const builtIn: readonly AbiItem[] = [
  { type: 'error', name: 'Error', inputs: [{ name: 'message', type: 'string' }] },
  { type: 'error', name: 'Panic', inputs: [{ name: 'code', type: 'uint256' }] },
]
/** A contract's text is shown: a long one is cut. */
const MAX_LENGTH = 300

/** The error's name and arguments, or the text of `Error(string)`; null where no ABI knows it. */
export function revertReason(data: Hex, abis: readonly (readonly AbiItem[])[]): string | null {
  const bytes = fromHex(data)
  if (!bytes || bytes.length < 4) return null
  const selector = data.slice(0, 10)
  for (const { type, name, inputs = [] } of [builtIn, ...abis].flat()) {
    if (type !== 'error' || name === undefined) continue
    if (selectorOf(functionSignature(name, inputs)) !== selector) continue
    const values = readArguments(inputs, bytes.subarray(4))
    if (!values) continue
    const [first] = values
    const text = name === 'Error' && first ? String(first.value) : `${name}(${values.map(write).join(', ')})`
    return text.slice(0, MAX_LENGTH)
  }
  return null
}

function write({ value }: Argument): string {
  return typeof value === 'object' ? `[${value.map(write).join(', ')}]` : String(value)
}
