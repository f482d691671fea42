// The `fob` command: npm run fob -- COMMAND, or node node/run.mjs node/fob.ts COMMAND.
import { runFob } from './cli/main.ts'
import { commands } from './commands/all.ts'

process.exitCode = await runFob(process.argv.slice(2), commands)
