// fob demo-firmware: signed firmware for the demo devices of npm start, to release it, to withdraw it, or to see one fail.
import { existsSync } from 'node:fs'
import { DEMO_MODELS } from '../../device/demo.ts'
import type { FirmwareBehaviour } from '../../device/demoFirmware.ts'
import { formatVersion, type ImageVersion, parseVersion } from '../../src/core/mcuboot/version.ts'
import { readDemoKeys } from '../chain/demoKeys.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { writeFileWhole } from '../files.ts'
import { demoImage } from '../release/demo.ts'

const kinds = DEMO_MODELS.map(({ kind }) => kind)
const behaviours: readonly FirmwareBehaviour[] = ['works', 'crashes', 'silent']

export const demoFirmware: Command = {
  usage: 'FILE --version X.Y.Z [options]',
  description: `Writes a firmware file that the demo devices take, signed with the key that npm start keeps on this machine.
What it says of its version and its security counter is what a device and fob publish read in it.`,
  positionals: ['FILE'],
  options: {
    kind: { type: 'string', value: 'KIND', help: `${kinds.join(', ')}; default: lock` },
    version: {
      type: 'string',
      value: 'X.Y.Z',
      help: 'its version; the demo devices are released up to 1.1.0',
    },
    'security-counter': {
      type: 'string',
      value: 'N',
      help: 'a device never goes back below the one it runs; default: grows with the version',
    },
    behaviour: {
      type: 'string',
      value: 'WHAT',
      help: 'works; crashes: never comes up; silent: runs without its radio. A device goes back from the last two by itself',
    },
  },
  run: runDemoFirmware,
}

async function runDemoFirmware(input: Input, io: Io): Promise<Outcome> {
  const file = input.positionals[0] ?? ''
  const model = DEMO_MODELS.find(({ kind }) => kind === (input.text('kind') ?? 'lock'))
  if (!model) return usageError(`--kind takes ${kinds.join(', ')}.`)
  const version = parseVersion(input.text('version') ?? '')
  if (!version) return usageError('Say which version: --version 1.2.0')
  const securityCounter = Number(input.text('security-counter') ?? usualCounter(version))
  if (!Number.isInteger(securityCounter) || securityCounter < 0 || securityCounter > 0xffffffff) {
    return usageError('--security-counter takes a number.')
  }
  const behaviour = behaviours.find(each => each === (input.text('behaviour') ?? 'works'))
  if (!behaviour) return usageError(`--behaviour takes ${behaviours.join(', ')}.`)
  const keys = readDemoKeys(io.home.demoKeys)
  if (!keys) return failed('noDemoKey', 'There is no demo key on this machine yet: run npm start once.')
  if (existsSync(file)) return failed('fileExists', `${file} is there already; it is not overwritten.`)
  const bytes = demoImage(model, { version, securityCounter, behaviour }, keys)
  writeFileWhole(file, bytes, 0o644)
  const { kind, name, hardware } = model
  return {
    ok: true,
    text: `${file} is ${name} ${formatVersion(version)}, security counter ${securityCounter}. To release it:
npm run fob -- publish ${file} --demo-key --model "${name}" --hardware "${hardware}"`,
    data: { file, kind, model: name, hardware, version, securityCounter, size: bytes.length },
  }
}

/** That of 1.1.0, the newest that npm start releases, is 2. */
const usualCounter = ({ major, minor }: ImageVersion): number => Math.max(0, major - 1) * 256 + minor + 1
