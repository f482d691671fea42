// English of machines for staff and for an owner from afar: loaded with their screens. Every other language must have the same messages.
import { ask, askFailures } from './en/machineAsk.ts'
import { staff } from './en/machineStaff.ts'
import { vendFailures } from './en/vendFailures.ts'

export const machineEn = { staff, ask, failures: { ...vendFailures, ...askFailures } }

export type MachineMessages = typeof machineEn
