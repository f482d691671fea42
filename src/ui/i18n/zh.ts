// 简体中文的全部文字；首次需要时才加载。
import type { Messages } from './en.ts'
import { blocked } from './zh/blocked.ts'
import { common, crash, evidence, failureUi, notFound, notices, storeProblems } from './zh/common.ts'
import { device, deviceState, devices } from './zh/devices.ts'
import { failures } from './zh/failures.ts'
import { makers, pin, releases } from './zh/makers.ts'
import { browser, network, settings } from './zh/settings.ts'
import { result, update } from './zh/update.ts'

export const zh: Messages = {
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
