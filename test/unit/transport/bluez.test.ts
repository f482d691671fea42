// The contract of transports, over BlueZ's D-Bus on both sides: this board's central, and a device that this board puts on the
// air, with an emulated radio between them.
import { afterAll, beforeAll, describe } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { BluezObjects } from '../../../node/bluez/bluezObjects.ts'
import { BluezCentral } from '../../../node/bluez/central.ts'
import { startPeripheral } from '../../../node/bluez/peripheral.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { radioObstacle } from '../../chromium.ts'
import { type Radio, startRadio } from '../../radio/radio.ts'
import { transportContract, type Way } from './contract.ts'

let radio: Radio

describe.skipIf(radioObstacle() !== undefined)('BlueZ', () => {
  beforeAll(async () => {
    radio = await startRadio()
  })
  afterAll(() => radio.stop())
  transportContract('over BlueZ', openWay)
})

async function openWay(device: ReferenceDevice): Promise<Way> {
  const log: string[] = []
  const said = (line: string) => log.push(line)
  const address = radio.env.DBUS_SYSTEM_BUS_ADDRESS
  const [board, phone] = await Promise.all([BluezObjects.open(address), BluezObjects.open(address)])
  const peripheral = await startPeripheral({ bluez: board, device, log: said })
  const central = new BluezCentral({ bluez: phone, timer, log: said })
  central.listen()
  const { localName } = device.advertisement
  const heard = async (): Promise<string> => {
    for (let tries = 0; tries < 200; tries++) {
      const found = central.heard().find(({ name }) => name === localName)
      if (found) return found.id
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    throw new Error(`it is not heard; ${log.join('; ')}`)
  }
  const id = await heard()
  return {
    async connect() {
      const opened = await central.connect(id)
      return opened.ok ? opened.value.transport : undefined
    },
    cut: () => device.dropLink(),
    async stop() {
      await peripheral.stop()
      await central.stop()
      board.close()
      phone.close()
    },
  }
}
