// A D-Bus daemon of our own on a socket of our own: what Chromium takes for the system bus, where BlueZ lives.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageBus } from 'dbus-next'
import { connectToBus, listenFor } from '../../node/bluez/dbus.ts'
import { findDbusDaemon } from '../chromium.ts'

export interface PrivateBus {
  /** For `DBUS_SYSTEM_BUS_ADDRESS`. */
  readonly address: string
  readonly connection: MessageBus
  /** Calls back with the unique name of every program that leaves the bus. */
  onClientLeft(listener: (client: string) => void): void
  stop(): Promise<void>
}

/** Milliseconds until the daemon must be there; it takes about ten. */
const START_LIMIT = 15_000

const ownerChanges = "type='signal',interface='org.freedesktop.DBus',member='NameOwnerChanged'"

/** Starts the daemon, connects to it, and takes the well-known `name`. */
export async function startPrivateBus(name: string): Promise<PrivateBus> {
  const program = await findDbusDaemon()
  const folder = await mkdtemp(join(tmpdir(), 'fob-bus-'))
  const socket = join(folder, 'socket')
  const config = join(folder, 'bus.conf')
  await writeFile(config, configuration(socket))
  const keeper = spawn('/bin/sh', ['-c', keepDaemon, program, folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<void>(resolve => keeper.once('close', () => resolve()))
  const clear = async () => {
    keeper.stdin.end()
    await ended
  }
  try {
    await inTime(ready(keeper))
    const address = `unix:path=${socket}`
    const connection = await connectToBus(address)
    await inTime(connection.requestName(name, 0).then(() => listenFor(connection, ownerChanges)))
    return {
      address,
      connection,
      onClientLeft(listener) {
        connection.on('message', message => {
          if (message.member !== 'NameOwnerChanged' || message.interface !== 'org.freedesktop.DBus') return
          const [client, , owner] = message.body.map(String)
          if (client?.startsWith(':') && owner === '') listener(client)
        })
      },
      async stop() {
        connection.disconnect()
        await clear()
      },
    }
  } catch (error) {
    await clear()
    throw error
  }
}

/**
 * Runs the daemon (`$0`) for as long as its own input is open, and then removes the folder (`$1`): so nothing is left when
 * this process ends in whatever way, SIGKILL included.
 */
const keepDaemon = `
"$0" --config-file="$1/bus.conf" --nofork --print-address &
cat > /dev/null
kill "$!"
wait "$!"
rm -rf "$1"
`

function ready(daemon: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    daemon.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    daemon.stdout?.once('data', () => resolve())
    daemon.once('error', reject)
    daemon.once('exit', code => reject(new Error(`dbus-daemon ended (${code}): ${said.trim()}`)))
  })
}

function inTime<T>(task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('dbus-daemon does not answer')), START_LIMIT)
    task.then(resolve, reject).finally(() => clearTimeout(late))
  })
}

/** Anyone who can reach the socket (in a folder that only we can enter) may do anything. */
const configuration = (socket: string) => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`
