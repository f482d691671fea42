// English of a device's console: loaded with its screen. Every other language must have the same messages.
import type { ConsoleCommand } from '../../app/consoleLog.ts'

export const consoleEn = {
  title: 'Console',
  intro:
    'Standard questions to the device, for whoever looks after it. Answers are in the protocol’s own words.',
  connecting: 'Connecting',
  gone: 'The link is gone',
  goneBody: 'What was asked stays below. Connect again to ask more.',
  connectAgain: 'Connect again',
  ask: 'Ask',
  commands: {
    info: 'System',
    bootloader: 'Bootloader',
    images: 'Images',
    slots: 'Slots',
    params: 'Buffers',
    tasks: 'Tasks',
    pools: 'Memory',
    echo: 'Echo',
    erase: 'Erase the free slot',
    restart: 'Restart',
  } satisfies Record<ConsoleCommand, string>,
  echoText: 'Text to be sent back',
  change: 'Change something',
  log: 'Log',
  logEmpty: 'Nothing was asked yet.',
  nothing: 'nothing',
  save: 'Save the log',
  eraseTitle: 'Erase the free slot?',
  eraseBody:
    'Firmware that lies there, sent and not started, is gone. What the device runs is not touched; it refuses where the slot is in use.',
  restartTitle: 'Restart the device?',
  restartBody: 'It is out of reach for some seconds. Firmware on trial goes back to the one before it.',
}
export type ConsoleMessages = typeof consoleEn
