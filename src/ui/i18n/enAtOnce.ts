// English, as it is there at once: all but the failures, which are loaded behind the first screen.
import { common, crash, evidence, failureUi, notFound, notices, storeProblems } from './en/common.ts'
import { device, deviceState, devices } from './en/devices.ts'
import { makers, pin, releases } from './en/makers.ts'
import { browser, network, settings } from './en/settings.ts'
import { result, update } from './en/update.ts'

export const enAtOnce = {
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
}
