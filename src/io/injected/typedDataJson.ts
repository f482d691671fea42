// Typed data as `eth_signTypedData_v4` takes it: JSON with the domain's type written out.
import { toHex } from '../../core/bytes.ts'
import type { Eip712Domain, TypedData, TypedValue } from '../../core/eip712.ts'

const DOMAIN_TYPES: Record<keyof Eip712Domain, string> = {
  name: 'string',
  version: 'string',
  chainId: 'uint256',
  verifyingContract: 'address',
  salt: 'bytes32',
}

/** Integers go as decimal text: every wallet reads it, and none rounds it. A domain's chain id goes as the number it is. */
export function typedDataJson({ domain, types, primaryType, message }: TypedData): string {
  const fields = (Object.keys(DOMAIN_TYPES) as (keyof Eip712Domain)[])
    .filter(name => domain[name] !== undefined)
    .map(name => ({ name, type: DOMAIN_TYPES[name] }))
  const { chainId, ...rest } = domain
  return JSON.stringify({
    types: { EIP712Domain: fields, ...types },
    primaryType,
    domain: chainId === undefined ? rest : { ...rest, chainId: Number(chainId) },
    message: jsonOf(message),
  })
}

function jsonOf(value: TypedValue): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString()
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Uint8Array) return toHex(value)
  if (isList(value)) return value.map(jsonOf)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonOf(inner)]))
}

const isList = (value: TypedValue): value is readonly TypedValue[] => Array.isArray(value)
