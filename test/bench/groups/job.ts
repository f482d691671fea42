// The main job in a real browser: a device on the test radio is updated by the app, and each phase is timed on its screen.
import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_MODELS } from '../../../device/demo.ts'
import { loadOrMakeDemoKeys } from '../../../node/chain/demoKeys.ts'
import { freePort } from '../../../node/http.ts'
import { demoFactoryImage, demoFirmwareKey } from '../../../node/release/demo.ts'
import { type Running, startFob } from '../../../node/startFob.ts'
import { decodeImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { findChromium, radioObstacle } from '../../chromium.ts'
import { OnAir } from '../../e2e/harness/onAir.ts'
import { Person } from '../../e2e/harness/person.ts'
import { openPhone } from '../../e2e/harness/phone.ts'
import { type Radio, startRadio } from '../../radio/radio.ts'
import { smpPeripheral } from '../../radio/smpPeripheral.ts'
import { builtApp } from '../builtApp.ts'
import { median } from '../medians.ts'
import type { Group, Row } from '../row.ts'
import { type PhaseTimes, type PlainTimes, timePhases, timePlain } from '../updateTiming.ts'

const runs = 3
/** Milliseconds that the device itself takes to restart. */
const restartMs = { resetMs: 250, bootMs: 1500 }
const sinkName = 'Plain sink'
/** What one write to the devices on the radio carries: their ATT_MTU of 247 less 3. */
const maxWrite = 244

export const group: Group = {
  name: 'Main job in Chromium over Web Bluetooth, 256 KiB, on a phone that is new to Fob',
  obstacle: radioObstacle,
  async run() {
    const chromiumPath = await findChromium()
    const radio = await startRadio()
    try {
      const fob = await startLocalFob()
      try {
        const samples: Sample[] = []
        for (let run = 0; run < runs; run++) samples.push(await updateOnce(fob, radio, chromiumPath))
        return rowsOf(samples)
      } finally {
        await fob.stop()
      }
    } finally {
      await radio.stop()
    }
  },
}

interface Sample {
  readonly phases: PhaseTimes
  readonly plain: PlainTimes
}

async function startLocalFob(): Promise<Running> {
  return startFob({
    home: await mkdtemp(join(tmpdir(), 'fob-job-')),
    ports: {
      app: await freePort(),
      endpoints: [await freePort(), await freePort()],
      seed: await freePort(),
      gateway: await freePort(),
      attestors: [await freePort(), await freePort(), await freePort()],
      agent: await freePort(),
    },
    appDirectory: await builtApp(),
    log: () => undefined,
    onGone: reason => {
      throw new Error(reason)
    },
  })
}

/** A phone that has never seen Fob, and a device with its factory firmware. */
async function updateOnce(fob: Running, radio: Radio, chromiumPath: string): Promise<Sample> {
  const device = lockOnAir(fob)
  radio.add(device.peripheral)
  radio.add(sink())
  const phone = await openPhone({ chromiumPath, radio, url: `${fob.url}/`, installs: true })
  try {
    const { page, chooser } = phone
    const person = new Person({ page, chooser })
    await person.pinSuggestedMaker()
    await person.addDevice(device.name)
    await person.sees(person.button(person.words.device.update('1.1.0')))
    const [phases] = await Promise.all([timePhases(page), person.startUpdate('1.1.0')])
    if (device.running?.version !== '1.1.0' || !device.running.isConfirmed) {
      throw new Error(`the device runs ${JSON.stringify(device.running)}`)
    }
    chooser.setAnswer({ take: sinkName })
    return { phases, plain: await timePlain(page, maxWrite) }
  } finally {
    await phone.discard()
    device.device.dispose()
    radio.clear()
  }
}

function lockOnAir(fob: Running): OnAir {
  const model = DEMO_MODELS.find(({ kind }) => kind === 'lock')
  const keys = loadOrMakeDemoKeys(fob.home.demoKeys)
  const trusted = decodeImagePublicKey(demoFirmwareKey(keys))
  const { chain, demo } = fob.network()
  if (!model || !trusted || !demo) throw new Error('the local network has no demo lock')
  const key = Uint8Array.from(randomBytes(32))
  // Below the order of the group.
  key[0] = 1
  return new OnAir({
    model,
    kind: model.kind,
    name: model.name,
    address: 'C0:00:00:00:00:01',
    maker: demo.maker,
    registry: chain.registry,
    chainId: chain.id,
    trustedKeys: [trusted],
    key,
    factoryImage: demoFactoryImage(model, keys),
    device: { ...restartMs, maxWrite },
  })
}

/** Takes every write, and never says a word. */
const sink = () =>
  smpPeripheral({
    name: sinkName,
    address: 'C0:00:00:00:00:02',
    device: {
      connect: (): ByteTransport => ({
        maxWrite,
        write: async () => undefined,
        onData: () => () => undefined,
        onClose: () => () => undefined,
        close: async () => undefined,
      }),
    },
  })

function rowsOf(samples: readonly Sample[]): readonly Row[] {
  const of = (value: (sample: Sample) => number): number => median(samples.map(value))
  const totalOf = ({ phases }: Sample) => Object.values(phases).reduce((sum, each) => sum + each, 0)
  const total = of(totalOf)
  const restart = restartMs.resetMs + restartMs.bootMs
  const row = (name: string, value: number, reference: string, referenceValue: number): Row => ({
    name,
    value,
    unit: 'ms',
    reference: { name: reference, value: referenceValue },
    better: 'lower',
    runs,
  })
  return [
    row(
      'check: connect, identify, prove',
      of(({ phases }) => phases.check),
      'the whole job',
      total,
    ),
    row(
      'fetch through IPFS',
      of(({ phases }) => phases.fetch),
      'a file of that size over HTTP',
      of(({ plain }) => plain.fetch),
    ),
    row(
      'verify',
      of(({ phases }) => phases.verify),
      'WebCrypto SHA-256 of the file',
      of(({ plain }) => plain.hash),
    ),
    row(
      'flash: send and read back',
      of(({ phases }) => phases.send),
      'the bytes alone, write by write',
      of(({ plain }) => plain.write),
    ),
    row(
      'flash: restart',
      of(({ phases }) => phases.restart),
      'the device’s own restart',
      restart,
    ),
    row(
      'confirm',
      of(({ phases }) => phases.confirm),
      'the whole job',
      total,
    ),
    row(
      'the whole job',
      total,
      'bytes fetched, hashed, written; restart',
      of(({ plain }) => plain.fetch + plain.hash + plain.write) + restart,
    ),
  ]
}
