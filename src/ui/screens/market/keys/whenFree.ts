// Waits until a device that was just chosen has been asked who it is: only one at a time talks to it.
import type { DeviceView } from '../../../../app/fob.ts'
import type { Readable } from '../../../../app/observable.ts'

export function whenFree(devices: Readable<readonly DeviceView[]>, deviceKey: string): Promise<void> {
  const isTalking = () => {
    const activity = devices.get().find(({ record }) => record.key === deviceKey)?.activity
    return activity === 'connecting' || activity === 'identifying'
  }
  if (!isTalking()) return Promise.resolve()
  return new Promise(resolve => {
    const stop = devices.subscribe(() => {
      if (isTalking()) return
      stop()
      resolve()
    })
  })
}
