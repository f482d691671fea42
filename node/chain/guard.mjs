// Runs one program and ends it when our own parent is gone, even if that was killed with -9: standard input is the leash.
// Usage: node guard.mjs FOLDER PROGRAM ARGS...   The first line on standard output is the program's process id; the folder, with
// what the program leaves in it, is removed when it has ended.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const [folder, program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })

let ending = false
function end() {
  if (ending) return
  ending = true
  child.kill('SIGTERM')
  // The chain writes its state when it is asked to end; it gets time for that, but not for ever.
  setTimeout(() => child.kill('SIGKILL'), 8_000).unref()
}

function clear() {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // The next one that uses it does it.
  }
}

child.on('spawn', () => process.stdout.write(`${child.pid}\n`))
child.on('error', error => {
  process.stderr.write(`${error.message}\n`)
  process.exit(127)
})
child.on('exit', (code, signal) => {
  clear()
  process.exit(code ?? (signal === null ? 1 : 128))
})
process.stdin.on('end', end)
process.stdin.on('error', end)
process.stdin.resume()
// Ctrl-C reaches the whole process group; the parent decides when the program ends.
process.on('SIGINT', () => {})
process.on('SIGTERM', end)
