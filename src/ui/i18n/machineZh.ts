// 简体中文的售货机文字，给员工和远程的店主；首次打开相关页面时才加载。
import type { MachineMessages } from './machineEn.ts'
import { ask, askFailures } from './zh/machineAsk.ts'
import { staff } from './zh/machineStaff.ts'
import { vendFailures } from './zh/vendFailures.ts'

export const machineZh: MachineMessages = { staff, ask, failures: { ...vendFailures, ...askFailures } }
