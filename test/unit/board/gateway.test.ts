// `fob gateway` as people run it: a program on a board with a radio, reached by the code that it prints.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { readGatewayCode } from '../../../src/core/gateway/code.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { echo } from '../../../src/core/smp/os.ts'
import { createGatewayDevices } from '../../../src/io/gateway/gatewayDevices.ts'
import { startGatewayNode } from '../../../src/io/gateway/gatewayNode.ts'
import { radioObstacle } from '../../chromium.ts'
import { type Radio, startRadio } from '../../radio/radio.ts'
import { referencePeripheral } from '../../radio/referencePeripheral.ts'
import { type Started, startEntry } from '../node/process.ts'
import { temporaryDirectory } from '../node/temporary.ts'
import { makeDevice } from '../transport/contract.ts'

const home = temporaryDirectory()
let radio: Radio
let board: Started | undefined
const device = makeDevice()

beforeAll(async () => {
  if (radioObstacle() !== undefined) return
  radio = await startRadio()
  radio.add(referencePeripheral(device, { address: 'C0:00:00:00:00:07' }))
})
afterAll(async () => {
  board?.child.kill('SIGKILL')
  await board?.finished
  await radio?.stop()
  device.dispose()
})

test.skipIf(radioObstacle() !== undefined)(
  'a board prints its code, and who pastes it reaches the devices around it',
  {
    timeout: 90_000,
  },
  async () => {
    const port = await freePort()
    const args = ['gateway', '--host', '127.0.0.1', '--port', String(port)]
    board = startEntry('node/fob.ts', args, { ...radio.env, FOB_HOME: home })
    await board.printed('Ctrl-C ends it')
    const code = readGatewayCode(/Its code: (\S+)/.exec(board.output())?.[1] ?? '')
    if (!code) throw new Error(`no code in ${board.output()}`)
    const plain = code.addresses.filter(address => address.includes('/ws/'))
    expect(plain).toEqual([`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${code.peerId}`])

    const node = await startGatewayNode({ webRtc: false })
    const known = { peerId: code.peerId, addresses: plain, key: toHex(code.key).slice(2), name: '' }
    const devices = createGatewayDevices({ known: () => [known], open: it => node.open(it), timer })
    const listed = await devices.list(known)
    expect(listed).toMatchObject({ ok: true, value: [{ id: 'C0:00:00:00:00:07', isTaken: false }] })
    const opened = await devices.connect(devices.idOf(known, 'C0:00:00:00:00:07'))
    if (!opened.ok || !('transport' in opened.value)) throw new Error(JSON.stringify(opened))
    const client = new SmpClient(opened.value.transport, { timer })
    const text = 'through two processes and a radio, '.repeat(50)
    expect(await echo(client, text)).toEqual({ ok: true, value: text })
    expect(await opened.value.batteryLevel()).toBe(device.battery())
    client.dispose()
    await opened.value.transport.close()
    await expect.poll(() => device.isConnected).toBe(false)
    await node.stop()
    board.child.kill('SIGTERM')
    expect(await board.finished).toMatchObject({ code: 0 })
  },
)
