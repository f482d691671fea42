// The services and characteristics of others' updaters.

/** Secure DFU Service (Nordic, nRF5 SDK, "DFU transport: BLE"). */
export const NORDIC_DFU_SERVICE = 0xfe59
export const NORDIC_CONTROL_POINT = '8ec90001-f315-4f60-9fb8-838830daea50'
export const NORDIC_PACKET = '8ec90002-f315-4f60-9fb8-838830daea50'
/** Buttonless: of the application, without and with a bond. */
export const NORDIC_BUTTONLESS = [
  '8ec90003-f315-4f60-9fb8-838830daea50',
  '8ec90004-f315-4f60-9fb8-838830daea50',
] as const

/** OTA service (Espressif, esp-iot-solution, ble_ota). */
export const ESP_OTA_SERVICE = 0x8018
export const ESP_RECV_FIRMWARE = 0x8020
export const ESP_COMMAND = 0x8022
