// fob key: makes an encrypted key file.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { privateKeyToAddress } from 'viem/accounts'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { loadPassphrase, passphraseOptions } from '../cli/key.ts'
import { writeFileWhole } from '../files.ts'
import { encryptKeystore } from '../keys/keystore.ts'

export const key: Command = {
  usage: 'FILE [options]',
  description: `Encrypts a new random key, or the one in FOB_PRIVATE_KEY with --import. Write the passphrase down: nothing else opens the file.`,
  positionals: ['FILE'],
  options: {
    import: { type: 'boolean', help: 'encrypt the key in FOB_PRIVATE_KEY instead of a new one' },
    ...passphraseOptions,
  },
  run: runKey,
}

async function runKey(input: Input, io: Io): Promise<Outcome> {
  const file = input.positionals[0] ?? ''
  if (existsSync(file)) return failed('fileExists', `${file} is there already; it is not overwritten.`)
  let privateKey: Hex
  if (input.isSet('import')) {
    const given = io.env.FOB_PRIVATE_KEY ?? ''
    if (!/^0x[0-9a-fA-F]{64}$/.test(given)) {
      return usageError('FOB_PRIVATE_KEY must be 0x and 64 hexadecimal digits.')
    }
    privateKey = given as Hex
  } else privateKey = newKey()
  const passphrase = await loadPassphrase(file, input, io)
  if (!passphrase.ok) return usageError(passphrase.error.detail ?? '')
  const keystore = await encryptKeystore(privateKey, passphrase.value)
  writeFileWhole(file, `${JSON.stringify(keystore, null, 2)}\n`, 0o600)
  const address = privateKeyToAddress(privateKey).toLowerCase()
  return { ok: true, text: `${file} holds the key of ${address}.`, data: { file, address } }
}

/** A number from 1 below the curve's order: the first is as good as certain, and is tried again where it is not. */
function newKey(): Hex {
  for (;;) {
    const candidate = toHex(randomBytes(32))
    try {
      privateKeyToAddress(candidate)
      return candidate
    } catch {
      // Zero, or not below the order: once in 2^128 tries.
    }
  }
}
