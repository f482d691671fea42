// English: the messages that every other language must have.
import { blocked } from './en/blocked.ts'
import { common, crash, evidence, failureUi, notFound, notices, storeProblems } from './en/common.ts'
import { device, deviceState, devices } from './en/devices.ts'
import { failures } from './en/failures.ts'
import { makers, pin, releases } from './en/makers.ts'
import { browser, network, settings } from './en/settings.ts'
import { result, update } from './en/update.ts'

export const en = {
  common,
  notices,
  storeProblems,
  failureUi,
  notFound,
  crash,
  evidence,
  deviceState,
  devices,
  device,
  update,
  result,
  makers,
  pin,
  releases,
  settings,
  network,
  browser,
  failures,
  blocked,
}

export type Messages = typeof en
