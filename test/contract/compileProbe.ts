// Compiles a contract that exists for a test alone, against the sources in contracts/lib.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Abi, Hex } from 'viem'

interface CompilerOutput {
  readonly errors?: readonly { readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly abi: Abi; readonly evm: { readonly bytecode: { readonly object: string } } }
        >
      >
    >
  >
}

/** `source` is the body of a file with one contract `Probe`, which may import `./lib/<library>`. */
export function compileProbe(source: string, library: string): { readonly abi: Abi; readonly bytecode: Hex } {
  const path = `lib/${library}`
  const sources = {
    'Probe.sol': { content: `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n${source}` },
    [path]: { content: readFileSync(new URL(`../../contracts/${path}`, import.meta.url), 'utf8') },
  }
  const settings = {
    evmVersion: 'osaka',
    outputSelection: { '*': { Probe: ['abi', 'evm.bytecode.object'] } },
  }
  const solc: { compile(input: string): string } = createRequire(import.meta.url)('solc')
  const output: CompilerOutput = JSON.parse(
    solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })),
  )
  const probe = output.contracts?.['Probe.sol']?.Probe
  if (!probe) throw new Error(output.errors?.map(error => error.formattedMessage).join('\n') ?? 'no contract')
  return { abi: probe.abi, bytecode: `0x${probe.evm.bytecode.object}` }
}
