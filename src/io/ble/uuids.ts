// The Bluetooth services and characteristics that Fob touches.

/** SMP over Bluetooth: the service and its one characteristic (Zephyr, "SMP Transport Specification", Bluetooth). */
export const SMP_SERVICE = '8d53dc1d-1db7-4cd3-868b-8a527460aa84'
export const SMP_CHARACTERISTIC = 'da2e7828-fbce-4e01-ae9e-261174997c48'

/** Battery Service 1.0: level in percent, one byte. */
export const BATTERY_SERVICE = 0x180f
export const BATTERY_LEVEL = 0x2a19

/** Read by nothing yet, but a permission lasts longer than a version of the app: asked for with the first choice. */
export const DEVICE_INFORMATION_SERVICE = 0x180a
