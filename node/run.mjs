// Starts everything: npm's scripts run on whatever Node.js is installed, the project runs on the one it was tested with.
// Usage: node node/run.mjs ENTRY.ts ARGS...    or    node node/run.mjs --bin PROGRAM ARGS...
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const nodeVersion = '24.21.0'
const minimumMajor = 24

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runtimeDirectory = join(root, '.fob', 'runtime')

function say(line) {
  process.stderr.write(`${line}\n`)
}

function stop(line) {
  say(line)
  process.exit(1)
}

/** The npm that came with the Node.js that runs this, as a script for any Node.js. */
function findNpm() {
  const candidates = [process.env.npm_execpath]
  const binaries = dirname(process.execPath)
  candidates.push(join(binaries, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'))
  candidates.push(join(binaries, 'node_modules', 'npm', 'bin', 'npm-cli.js'))
  // Debian keeps npm's modules elsewhere.
  candidates.push('/usr/share/nodejs/npm/bin/npm-cli.js', '/usr/lib/node_modules/npm/bin/npm-cli.js')
  const found = candidates.find(path => path?.endsWith('npm-cli.js') && existsSync(path))
  if (found === undefined)
    stop('npm was not found. Install it with Node.js from nodejs.org, or your system’s package npm.')
  return found
}

/** Runs npm quietly; its output is shown only when it fails. */
function npm(node, args, directory, what) {
  const result = spawnSync(node, [findNpm(), ...args], {
    cwd: directory,
    // The scripts of the project's packages must meet the same Node.js.
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (result.status === 0) return
  // npm's first lines say what is wrong; the rest is its manual.
  const output = `${result.stderr ?? ''}\n${result.stdout ?? ''}`
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('npm warn'))
    .slice(0, 8)
    .join('\n')
  stop(
    `${what} failed.\n${output}\nCheck the network connection, then run the same command again: it goes on from here.`,
  )
}

function versionOf(node) {
  const result = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return result.status === 0 ? result.stdout.trim() : undefined
}

/** Path of a Node.js that runs TypeScript: this one if it is new enough, else the one that npm brings as a package. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= minimumMajor) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = join(
    runtimeDirectory,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(binary) && versionOf(binary) === `v${nodeVersion}`) return binary
  say(
    `Fob needs Node.js ${minimumMajor}; this is ${process.versions.node}. Fetching ${nodeVersion} into .fob (about 50 MB, once) ...`,
  )
  mkdirSync(runtimeDirectory, { recursive: true })
  // A package.json of its own, or npm would install into the project.
  writeFileSync(join(runtimeDirectory, 'package.json'), '{ "private": true }\n')
  rmSync(join(runtimeDirectory, 'node_modules', name), { recursive: true, force: true })
  npm(
    process.execPath,
    ['install', `${name}@${nodeVersion}`, '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'],
    runtimeDirectory,
    `Fetching Node.js ${nodeVersion} (${name})`,
  )
  if (process.platform !== 'win32' && existsSync(binary)) chmodSync(binary, 0o755)
  if (versionOf(binary) !== `v${nodeVersion}`) {
    stop(
      `${name}@${nodeVersion} does not run on this machine. Install Node.js ${minimumMajor} from nodejs.org and try again.`,
    )
  }
  return binary
}

/**
 * Compares what npm notes in node_modules at the end of an install with the lock file: an install that was cut off, of
 * another version, or made by an old npm that left this machine's binaries out, is not complete.
 */
function isInstalled() {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined) return stop('package-lock.json is missing or damaged.')
  if (installed === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || !isForThisMachine(entry)) return true
    return installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity
  })
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function isForThisMachine({ optional, os, cpu, libc }) {
  if (!optional) return true
  // An optional package for every machine may be missing for reasons of its own.
  if (os === undefined || cpu === undefined) return false
  const system = process.report?.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  return (
    os.includes(process.platform) &&
    cpu.includes(process.arch) &&
    (libc === undefined || process.platform !== 'linux' || libc.includes(system))
  )
}

function installDependencies(node) {
  if (isInstalled()) return
  const lock = join(root, '.fob', 'install.lock')
  mkdirSync(dirname(lock), { recursive: true })
  waitForOtherInstall(lock)
  if (isInstalled()) return
  writeFileSync(lock, String(process.pid))
  try {
    say('Installing the dependencies (one to three minutes, once) ...')
    npm(node, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root, 'Installing the dependencies')
    if (!isInstalled())
      stop('The install is not complete. Delete node_modules and run the same command again.')
  } finally {
    rmSync(lock, { force: true })
  }
}

function waitForOtherInstall(lock) {
  let isWaiting = false
  while (existsSync(lock)) {
    const pid = Number(readFileSync(lock, 'utf8'))
    const isOld = Date.now() - statSync(lock).mtimeMs > 15 * 60_000
    if (isOld || !Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return
    if (!isWaiting) say('Another start is installing the dependencies; waiting for it ...')
    isWaiting = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The script behind a package's command: `--bin vite` without npx, so that the right Node.js runs it. */
function findBin(program) {
  const require = createRequire(join(root, 'package.json'))
  for (const name of [program, `@biomejs/${program}`]) {
    const manifestPath = join(root, 'node_modules', name, 'package.json')
    if (!existsSync(manifestPath)) continue
    const { bin } = require(manifestPath)
    const path = typeof bin === 'string' ? bin : bin?.[program]
    if (path !== undefined) return join(dirname(manifestPath), path)
  }
  return stop(`${program} is no program of this project's dependencies.`)
}

/** Runs the entry in our place: same terminal, signals passed on, same exit code. */
function run(node, script, args) {
  const child = spawn(node, [script, ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
      // So that what we run ends with us, even if we are killed with -9.
      FOB_PARENT: String(process.pid),
      // What was read and compiled once starts in half the time; Node.js compares the sources itself.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, '.fob', 'compiled'),
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // The terminal sends Ctrl-C to the child too; a signal from elsewhere reaches only us.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', error => stop(error.message))
  child.on('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exit(code ?? 1)
  })
}

const args = process.argv.slice(2)
if (args.length === 0) stop('Usage: node node/run.mjs ENTRY.ts ARGS...')
const node = findNode()
installDependencies(node)
if (args[0] === '--bin') run(node, findBin(args[1] ?? ''), args.slice(2))
else run(node, join(root, args[0] ?? ''), args.slice(1))
