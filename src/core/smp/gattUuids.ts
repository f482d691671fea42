// SMP over Bluetooth: the service and its one characteristic (Zephyr, "SMP Transport Specification", Bluetooth).
export const SMP_SERVICE = '8d53dc1d-1db7-4cd3-868b-8a527460aa84'
export const SMP_CHARACTERISTIC = 'da2e7828-fbce-4e01-ae9e-261174997c48'
