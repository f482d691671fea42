// English of the other ways to a device: loaded with their screens. Every other language must have the same messages.
export const waysEn = {
  title: 'Gateway or cable',
  intro:
    'For phones without Bluetooth, devices far away, and devices that only a cable can rescue. What is proven to you is the same: neither a gateway nor a cable is trusted with anything.',
  gateways: 'Through a gateway',
  gatewaysNone:
    'A gateway is a small computer near the devices, with Bluetooth and the program “fob gateway”. It shows a code when it starts.',
  addGateway: 'Add a gateway',
  scan: 'Scan the gateway’s code',
  pasteHint: 'Text that begins with FOB:GATEWAY:',
  codeUnreadable: 'This is no gateway’s code',
  codeUnreadableBody:
    'A gateway’s code begins with FOB:GATEWAY:, and no character may be missing. Copy it anew where the gateway runs.',
  newName: (number: number) => (number === 1 ? 'Gateway' : `Gateway ${number}`),
  gatewayNote: (host: string) => `at ${host}`,
  cable: 'Over a cable',
  cableBody:
    'For a device with a serial port (USB) whose console speaks SMP, as after a failed update. Its log does not disturb.',
  cableChoose: 'Choose the port',
  cableBusy: 'Choose in the list',
  cableMissing:
    'This browser has no serial ports. Chrome and Edge on a computer have them, also Chrome on newer Android phones.',
  listening: 'Listening for devices',
  tryingAgain: 'Trying again by itself every few seconds',
  heard: 'Devices in reach',
  heardHint: 'Tap the one that you want to add.',
  heardNone:
    'The gateway hears no device that can be updated. Wake it up, or bring it nearer to the gateway.',
  taken: 'In use by somebody else',
  strength: { strong: 'Strong signal', fair: 'Fair signal', weak: 'Weak signal', unknown: 'Signal unknown' },
  unnamed: 'Device without a name',
  addDevice: (name: string) => `Add ${name}`,
  name: 'Name of the gateway',
  save: 'Save',
  manage: 'Name, address, forget',
  addresses: 'Addresses',
  keyNote:
    'Whoever has this gateway’s code can use its Bluetooth. It opens no lock, and signs and pays for nothing.',
  forget: 'Forget this gateway',
  forgetBody: (name: string) =>
    `Devices that you reached through ${name} stay in the list. To reach them again you need its code.`,
  gone: 'This gateway is not in the list any more. Its code brings it back.',
}

export type WaysMessages = typeof waysEn
