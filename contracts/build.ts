// Compiles the contracts offline with npm's solc and writes the typed ABIs; `--check` fails if a written file is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type CompiledContract, generate } from './generate.ts'

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>
}

const folder = new URL('./', import.meta.url)

/** Contracts that would be longer than a chain takes (EIP-170), were each call as cheap as can be: a little less is inlined. */
const longContracts = ['Market.sol']

const outputs = ['abi', 'evm.bytecode.object', 'storageLayout']

const settingsFor = (runs: number, files: readonly string[]) => ({
  optimizer: { enabled: true, runs },
  viaIR: true,
  evmVersion: 'osaka',
  outputSelection: Object.fromEntries(files.map(file => [file, { '*': outputs }])),
})

const solidityIn = (path: string): string[] =>
  readdirSync(new URL(path, folder))
    .filter(name => name.endsWith('.sol'))
    .map(name => `${path}${name}`)

type Contracts = NonNullable<CompilerOutput['contracts']>

/** Compiles every `contracts/*.sol` and what lies in `contracts/lib` and `contracts/demo`. Throws with the compiler's own text on any error or warning. */
function compileAll(): Contracts {
  const sources = Object.fromEntries(
    [...solidityIn('./'), ...solidityIn('./lib/'), ...solidityIn('./demo/')].map(path => [
      path.slice('./'.length),
      { content: readFileSync(new URL(path, folder), 'utf8') },
    ]),
  )
  const files = Object.keys(sources)
  const isLong = (file: string) => longContracts.includes(file)
  return {
    ...compile(
      sources,
      settingsFor(
        1_000_000,
        files.filter(file => !isLong(file)),
      ),
    ),
    ...compile(sources, settingsFor(1_000, files.filter(isLong))),
  }
}

function compile(sources: object, settings: object): Contracts {
  const solc: { compile(input: string): string } = createRequire(import.meta.url)('solc')
  const output: CompilerOutput = JSON.parse(
    solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })),
  )
  const problems = output.errors ?? []
  if (problems.length > 0) throw new Error(problems.map(problem => problem.formattedMessage).join('\n'))
  return output.contracts ?? {}
}

/** The written files by name. A file `X.sol` yields `X.ts` from its contract X; interfaces and `lib/` yield none. */
function build(): Map<string, string> {
  const files = new Map<string, string>()
  for (const [file, contracts] of Object.entries(compileAll())) {
    if (file.startsWith('lib/')) continue
    const name = file.replace(/^demo\//, '').replace(/\.sol$/, '')
    const contract = contracts[name]
    if (contract && contract.evm.bytecode.object !== '') files.set(`${name}.ts`, generate(name, contract))
  }
  return files
}

function readGenerated(name: string): string | undefined {
  try {
    return readFileSync(new URL(`generated/${name}`, folder), 'utf8')
  } catch {
    return undefined
  }
}

const isCheck = process.argv.includes('--check')
const built = build()
const left = readdirSync(new URL('generated/', folder)).filter(name => !built.has(name))
const stale = [...built].filter(([name, text]) => readGenerated(name) !== text).map(([name]) => name)

if (isCheck) {
  for (const name of stale)
    console.error(`contracts/generated/${name} is stale: run "node contracts/build.ts"`)
  for (const name of left) console.error(`contracts/generated/${name} has no contract: delete it`)
  if (stale.length + left.length > 0) process.exitCode = 1
} else {
  for (const name of stale) writeFileSync(new URL(`generated/${name}`, folder), built.get(name) ?? '')
  console.log(stale.length === 0 ? 'contracts/generated is up to date' : `wrote ${stale.join(', ')}`)
}
