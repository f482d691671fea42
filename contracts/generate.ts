// Writes one contract's typed module: ABI, creation code, and where its state lies in storage.

export interface CompiledContract {
  readonly abi: readonly unknown[]
  readonly evm: { readonly bytecode: { readonly object: string } }
  readonly storageLayout: StorageLayout
}

/** solc's `storageLayout`: https://docs.soliditylang.org, "Layout of State Variables in Storage", JSON output. */
interface StorageLayout {
  readonly storage: readonly StorageMember[]
  readonly types: Readonly<Record<string, StorageType>> | null
}

interface StorageMember {
  readonly label: string
  readonly slot: string
  /** Bytes from the slot's low-order end. */
  readonly offset: number
  readonly type: string
}

interface StorageType {
  readonly encoding: string
  readonly label: string
  readonly numberOfBytes: string
  readonly key?: string
  readonly value?: string
  readonly members?: readonly StorageMember[]
}

const layoutComment = `/**
 * Where each state variable lies in storage, for readers of eth_getProof.
 *
 * - \`slot\` is the variable's own slot. The value under key k of a mapping at slot p begins at
 *   \`keccak256(pad32(k) ++ pad32(p))\`: 32-byte big-endian words, addresses padded with zeros on the left, bytes32 as they
 *   are. A mapping of mappings applies it once for each of \`keys\`, in their order.
 * - \`value\` is the type found there. A struct's members each have the slot counted from the struct's first, and the
 *   offset in bytes from the low-order (right-hand) end of that 32-byte word; numbers are big-endian within their bytes.
 *
 * Source: Solidity documentation, "Layout of State Variables in Storage and Transient Storage".
 */`

/** The text of `contracts/generated/<name>.ts`. */
export function generate(name: string, contract: CompiledContract): string {
  const prefix = name.charAt(0).toLowerCase() + name.slice(1)
  return [
    `// ABI, creation code and storage layout of ${name}.sol, written by contracts/build.ts. Don't edit.`,
    '',
    `export const ${prefix}Abi = [`,
    ...contract.abi.map(item => `  ${JSON.stringify(item)},`),
    '] as const',
    '',
    layoutComment,
    `export const ${prefix}Layout = ${JSON.stringify(layout(contract.storageLayout), null, 2)} as const`,
    '',
    '/** Creation code, without the constructor arguments that follow it. */',
    `export const ${prefix}Bytecode =`,
    `  '0x${contract.evm.bytecode.object}'`,
    '',
  ].join('\n')
}

function layout({ storage, types }: StorageLayout): Record<string, unknown> {
  const typeOf = (id: string): StorageType => {
    const type = types?.[id]
    if (!type) throw new Error(`solc's storage layout names no type ${id}`)
    return type
  }
  const describe = (id: string): { keys: string[]; value: unknown } => {
    const type = typeOf(id)
    if (type.encoding === 'mapping' && type.key && type.value) {
      const inner = describe(type.value)
      return { keys: [typeOf(type.key).label, ...inner.keys], value: inner.value }
    }
    if (!type.members) return { keys: [], value: type.label }
    return { keys: [], value: { slots: Number(type.numberOfBytes) / 32, members: members(type.members) } }
  }
  const members = (list: readonly StorageMember[]) =>
    Object.fromEntries(
      list.map(({ label, slot, offset, type }) => {
        const { label: typeName, numberOfBytes } = typeOf(type)
        return [label, { slot: Number(slot), offset, bytes: Number(numberOfBytes), type: typeName }]
      }),
    )
  return Object.fromEntries(
    storage.map(({ label, slot, offset, type }) => [
      label,
      { slot: Number(slot), offset, ...describe(type) },
    ]),
  )
}
