// Where a private key comes from: the environment, an encrypted key file, or the local demo maker. Never an argument.
import { readFileSync } from 'node:fs'
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type DemoKeys, readDemoKeys } from '../chain/demoKeys.ts'
import { readJsonIfThere } from '../files.ts'
import { decryptKeystore } from '../keys/keystore.ts'
import type { Input, Io, OptionSpec } from './command.ts'

export const passphraseOptions: Readonly<Record<string, OptionSpec>> = {
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    help: 'the key file’s passphrase (first line); else FOB_PASSPHRASE, else asked for',
  },
}

export const keyOptions: Readonly<Record<string, OptionSpec>> = {
  keystore: {
    type: 'string',
    value: 'FILE',
    help: 'encrypted key file (Web3 Secret Storage, as geth, cast and fob key write it)',
  },
  ...passphraseOptions,
  'demo-key': {
    type: 'boolean',
    help: 'the demo maker’s key that npm start keeps on this machine',
  },
}

export const keyHelp =
  'The private key comes from --keystore FILE, from the environment variable FOB_PRIVATE_KEY (0x and 64 hexadecimal digits), or from --demo-key.'

/** `role`: which of the demo maker's keys. */
export async function loadKey(
  input: Input,
  io: Io,
  role: Exclude<keyof DemoKeys, 'version' | 'firmware'>,
): Promise<Result<LocalAccount, Failure>> {
  const file = input.text('keystore')
  const fromEnvironment = io.env.FOB_PRIVATE_KEY
  if (input.isSet('demo-key')) {
    const keys = readDemoKeys(io.home.demoKeys)
    if (keys !== undefined) return ok(privateKeyToAccount(keys[role]))
    return fail({ kind: 'keyMissing', detail: 'There is no demo maker here yet. Run npm start first.' })
  }
  if (file !== undefined) return loadKeystore(file, input, io)
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    if (/^0x[0-9a-fA-F]{64}$/.test(fromEnvironment)) return ok(privateKeyToAccount(fromEnvironment as Hex))
    return fail({
      kind: 'keyMalformed',
      detail: 'FOB_PRIVATE_KEY must be 0x and 64 hexadecimal digits.',
    })
  }
  return fail({ kind: 'keyMissing', detail: `No key was given. ${keyHelp}` })
}

async function loadKeystore(file: string, input: Input, io: Io): Promise<Result<LocalAccount, Failure>> {
  const json = readJsonIfThere(file)
  if (json === undefined || json === null)
    return fail({ kind: 'keystoreMalformed', detail: `${file} can't be read as JSON.` })
  const passphrase = await loadPassphrase(file, input, io)
  if (!passphrase.ok) return passphrase
  const key = await decryptKeystore(json, passphrase.value)
  if (key.ok) return ok(privateKeyToAccount(key.value))
  if (key.error.kind === 'wrongPassphrase') {
    return fail({ kind: 'wrongPassphrase', detail: `The passphrase does not open ${file}.` })
  }
  return fail({ kind: 'keystoreMalformed', detail: `${file}: ${key.error.detail}` })
}

/** From --passphrase-file, FOB_PASSPHRASE or the terminal, in this order. */
export async function loadPassphrase(file: string, input: Input, io: Io): Promise<Result<string, Failure>> {
  const passphraseFile = input.text('passphrase-file')
  if (passphraseFile !== undefined) {
    try {
      return ok(readFileSync(passphraseFile, 'utf8').split(/\r?\n/, 1)[0] ?? '')
    } catch {
      return fail({ kind: 'keyMissing', detail: `${passphraseFile} can't be read.` })
    }
  }
  const passphrase = io.env.FOB_PASSPHRASE ?? (await io.askPassphrase(`Passphrase of ${file}: `))
  if (passphrase !== undefined) return ok(passphrase)
  return fail({
    kind: 'keyMissing',
    detail: `${file} needs its passphrase: set FOB_PASSPHRASE or give --passphrase-file.`,
  })
}
