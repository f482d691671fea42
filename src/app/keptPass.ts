// Where the leave to manage a device is kept while an update goes on: no secret, and gone when the update is over.
import type { Hex } from '../core/bytes.ts'
import type { Stores } from './ports/store.ts'

export const passKey = (deviceId: Hex): string => `pass/${deviceId}`

/** The next update asks for our leave again. */
export async function forgetPass({ values }: Pick<Stores, 'values'>, deviceId: Hex | null): Promise<void> {
  if (deviceId === null) return
  if ((await values.get(passKey(deviceId))) !== undefined) await values.delete(passKey(deviceId))
}
