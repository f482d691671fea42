// The `fob` command: npm run fob -- COMMAND, or node node/run.mjs node/fob.ts COMMAND.
import { runFob } from './cli/main.ts'
import { commands } from './commands/all.ts'

process.exitCode = await runFob(process.argv.slice(2), commands)
// The seed's WebRTC port stays open for as long as the process lives, and would keep it alive.
setTimeout(() => process.exit(), 1_000).unref()
