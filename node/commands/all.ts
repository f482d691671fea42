// The subcommands of `fob`, in the order in which help lists them. A new one is a file beside this and a line here.
import type { Command } from '../cli/command.ts'
import { deploy } from './deploy.ts'
import { key } from './key.ts'
import { publish } from './publish.ts'
import { releases } from './releases.ts'
import { revoke } from './revoke.ts'
import { seed } from './seed.ts'
import { verify } from './verify.ts'

export const commands: ReadonlyMap<string, Command> = new Map([
  ['publish', publish],
  ['revoke', revoke],
  ['releases', releases],
  ['verify', verify],
  ['seed', seed],
  ['key', key],
  ['deploy', deploy],
])
