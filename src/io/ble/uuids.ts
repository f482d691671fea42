// The Bluetooth services and characteristics that Fob touches.

/** Battery Service 1.0: level in percent, one byte. */
export const BATTERY_SERVICE = 0x180f
export const BATTERY_LEVEL = 0x2a19

/** Read by nothing yet, but a permission lasts longer than a version of the app: asked for with the first choice. */
export const DEVICE_INFORMATION_SERVICE = 0x180a
