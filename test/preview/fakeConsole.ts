// A device's console in the preview: some answers, and one that it refuses.
import type { DeviceConsole } from '../../src/app/consoleLog.ts'
import { Observable } from '../../src/app/observable.ts'

const at = 1_790_000_000

export function fakeConsole(): DeviceConsole {
  const entry = { argument: null, answer: null, failure: null }
  return {
    state: new Observable('ready' as const),
    log: new Observable([
      {
        ...entry,
        id: '1',
        at,
        command: 'info',
        answer: ['Zephyr door-7c2f 3.7.0 v3.7.0-rc2 arm nrf52840 rev B'],
      },
      {
        ...entry,
        id: '2',
        at: at + 4,
        command: 'images',
        answer: [
          `image 0 slot 0: 1.0.0 [active confirmed bootable] ${'5a'.repeat(32)}`,
          `image 0 slot 1: 1.1.0 [pending bootable] ${'c3'.repeat(32)}`,
        ],
      },
      {
        ...entry,
        id: '3',
        at: at + 9,
        command: 'tasks',
        failure: { kind: 'deviceError', detail: 'MGMT_ERR_ENOTSUP' },
      },
      { ...entry, id: '4', at: at + 12, command: 'echo', argument: 'hello', answer: ['hello'] },
    ]),
    run: async () => {},
    close: async () => {},
  }
}
