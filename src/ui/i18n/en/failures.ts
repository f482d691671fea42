// English: every failure as what happened, what it means for the device, what to do next.
import type { FailureKind, FailureText } from '../failureKinds.ts'

export const failures: Record<FailureKind, FailureText> = {
  // Chain
  chainUnreachable: {
    title: 'No endpoint answered',
    meaning: 'Without the chain, Fob can’t tell whether this firmware is the newest.',
    next: 'Check your connection and try again. The last proven state stays visible.',
  },
  chainDisagrees: {
    title: 'The endpoints contradict each other',
    meaning: 'At least one shows something false, and it can’t be told which. Fob believes none of them.',
    next: 'Try again in a minute. If it lasts, look at the endpoints in the network settings.',
  },
  wrongChain: {
    title: 'The endpoints are on another chain',
    meaning: 'They answer for a different chain than the one this network names.',
    next: 'Look at the endpoints in the network settings.',
  },
  manifestMissing: {
    title: 'The release’s description is missing',
    meaning: 'The newest release is proven, but no endpoint hands out the text that belongs to it.',
    next: 'Try again later, or add an endpoint that keeps events.',
  },
  networkVersionUnknown: {
    title: 'The network file is too new',
    meaning: 'It was made for a newer Fob than the one that is open.',
    next: 'Reload the page to get the newest Fob.',
  },
  networkMalformed: {
    title: 'The network file can’t be read',
    meaning: 'It does not have the form that Fob expects. Nothing in it is used.',
    next: 'Tell whoever runs this site.',
  },
  networkMissing: {
    title: 'No network file yet',
    meaning: 'Fob does not know which chain to ask, so it can’t check anything.',
    next: 'Connect to the internet once; after that Fob works offline.',
  },
  // Choosing and connecting
  chooserCancelled: {
    title: 'No device was chosen',
    meaning: 'The list was closed. Nothing has changed.',
    next: 'Open it again. If your device is missing, wake it up and hold it near.',
  },
  radioUnsupported: {
    title: 'No Bluetooth in this browser',
    meaning: 'This browser does not let web pages reach Bluetooth devices.',
    next: 'Use Chrome or Edge on Android, Windows, macOS or Linux, or a gateway near the device.',
  },
  radioOff: {
    title: 'Bluetooth is off',
    meaning: 'The phone can’t reach any device.',
    next: 'Switch Bluetooth on, then try again.',
  },
  chooserRefused: {
    title: 'The browser refused the device list',
    meaning: 'Bluetooth may be blocked for this site or by a policy.',
    next: 'Allow Bluetooth for this site in the browser’s settings.',
  },
  mustChooseAgain: {
    title: 'The browser wants you to choose it again',
    meaning: 'The permission for this device is gone, or the browser keeps none. Nothing is lost.',
    next: 'Choose the device again in the browser’s list.',
  },
  outOfReach: {
    title: 'The device is out of reach',
    meaning: 'It does not answer. It may be too far, asleep, or connected to another phone.',
    next: 'Go nearer, wake it up, close other apps that use it, then try again.',
  },
  gatewayUnreachable: {
    title: 'The gateway can’t be reached',
    meaning: 'None of its addresses answers. It may be switched off, or in another network than this phone.',
    next: 'Check that the board runs and is online. If its address is new, add its code again.',
  },
  gatewayKeyWrong: {
    title: 'The gateway does not know this key',
    meaning: 'It is the right gateway, and its key was made anew. Nothing was sent to the device.',
    next: 'Get the gateway’s present code from whoever runs it, and add it again.',
  },
  gatewayFull: {
    title: 'The gateway is full',
    meaning: 'It serves as many phones as it can just now.',
    next: 'Try again in a few minutes.',
  },
  gatewayRadioOff: {
    title: 'The gateway’s Bluetooth is off',
    meaning: 'The gateway answers, but its board reaches no device.',
    next: 'Ask whoever runs it to switch Bluetooth on, then try again.',
  },
  deviceTaken: {
    title: 'Somebody else uses this device',
    meaning: 'Another phone or browser is connected to it just now.',
    next: 'Wait until it is free, then try again.',
  },
  cableBusy: {
    title: 'The cable’s port can’t be opened',
    meaning: 'Another program or another tab uses it, or the cable was pulled.',
    next: 'Close what uses it (a serial monitor, another tab), check the cable, then try again.',
  },
  notSmp: {
    title: 'This device can’t be updated this way',
    meaning: 'It does not offer the standard update service (MCUmgr/SMP).',
    next: 'Check that you chose the right device. Some offer it only in a service mode.',
  },
  blockedUpdater: {
    title: 'Browsers may not update this device',
    meaning:
      'It looks like an older Nordic or a TI updater. Browsers block those, since they take any firmware from anybody.',
    next: 'Use the maker’s own app for it.',
  },
  pairingRequired: {
    title: 'The device wants to be paired',
    meaning: 'It only talks to phones paired with it, and the system’s request was refused.',
    next: 'Try again and accept the system’s prompt, or pair it in the Bluetooth settings first.',
  },
  linkLost: {
    title: 'The connection broke',
    meaning: 'The phone does not hear the device any more. Nothing is damaged.',
    next: 'Go nearer and try again. It goes on where it stopped.',
  },
  timeout: {
    title: 'The device did not answer in time',
    meaning: 'It may be busy, asleep or nearly out of reach.',
    next: 'Go nearer and try again.',
  },
  malformed: {
    title: 'The device’s answer makes no sense',
    meaning: 'It broke the protocol’s rules, so Fob stopped instead of guessing.',
    next: 'Restart the device and try again. If it happens again, tell its maker.',
  },
  deviceError: {
    title: 'The device refused',
    meaning: 'It understood, but said no. Its reason is in the technical detail.',
    next: 'Restart the device and try again.',
  },
  slotHoldsPending: {
    title: 'Another image waits to be started',
    meaning:
      'Somebody else put firmware into the free slot that starts at the next restart. Fob has not checked it, and the device keeps the slot for it.',
    next: 'If you know where it comes from, restart the device and check it again. If not, ask whoever manages the device first.',
  },
  runningOnTrial: {
    title: 'The running version is only on trial',
    meaning:
      'The device keeps the version before it in its other slot, to go back to, and takes no new one until then.',
    next: 'Restart the device: it goes back to the version before. Then update again.',
  },
  unexpected: {
    title: 'The device answered something else',
    meaning: 'The answer does not belong to the question, so Fob stopped.',
    next: 'Restart the device and try again.',
  },
  cancelled: {
    title: 'Stopped',
    meaning: 'It was stopped before it was done.',
    next: 'Start again when you like.',
  },
  batteryTooLow: {
    title: 'The device’s battery is too low',
    meaning: 'An update that runs out of power helps nobody. Nothing was erased.',
    next: 'Charge the device or give it a new battery, then go on. The limit is in the settings.',
  },
  deviceBufferTooSmall: {
    title: 'The device’s buffer is too small',
    meaning: 'It can’t take even the first packet of an update.',
    next: 'Tell its maker: this device can’t be updated over Bluetooth.',
  },
  uploadStalled: {
    title: 'The transfer stands still',
    meaning: 'The device answers, but takes no more of the firmware.',
    next: 'Restart the device and try again. It goes on where it stopped.',
  },
  badUploadOffset: {
    title: 'The device contradicts itself',
    meaning: 'It claims to hold more than was sent, so Fob stopped.',
    next: 'Restart the device and try again.',
  },
  storedFileDiffers: {
    title: 'The device stored something else',
    meaning: 'Its own hash of what it received is another one. It was not started.',
    next: 'Try again. If it happens again, the device’s flash may be worn out.',
  },
  sentBytesDiffer: {
    title: 'The file changed in this phone’s memory',
    meaning: 'It is no longer what was verified, so the last packet was not sent. Nothing was started.',
    next: 'Close other pages and try again. If it happens again, use another phone.',
  },
  noRunningImage: {
    title: 'The device does not say what it runs',
    meaning: 'Without the running image’s version and hash, nothing can be compared.',
    next: 'Restart the device and try again. If it happens again, tell its maker.',
  },
  // Identity
  identitySignatureInvalid: {
    title: 'The device could not prove who it is',
    meaning: 'Its signature does not fit its key. It may be a copy that only imitates a genuine one.',
    next: 'Don’t rely on it. Ask whoever sold it.',
  },
  identityMalformed: {
    title: 'The device’s identity can’t be read',
    meaning: 'It answered in a form that Fob does not know.',
    next: 'Restart it and try again. If it happens again, tell its maker.',
  },
  identityForOtherNetwork: {
    title: 'The device belongs to another network',
    meaning: 'It names another chain or registry than this network’s. A counterfeit would do the same.',
    next: 'Open Fob from the site that the device’s maker names.',
  },
  makerNotPinned: {
    title: 'Its maker is not pinned',
    meaning: 'The device named its maker, but you have not said that you trust it.',
    next: 'Pin the maker, then check again.',
  },
  unknownModel: {
    title: 'The model is not known',
    meaning: 'The device does not say what it is, and its firmware is not one that Fob knows.',
    next: 'Choose the model yourself, from the label on the device.',
  },
  // Fetching
  firmwareUnavailable: {
    title: 'The firmware could not be downloaded',
    meaning: 'No peer and no gateway had it. The device is not touched.',
    next: 'Check your connection and try again. The maker’s seed may be down for a moment.',
  },
  firmwareTooLarge: {
    title: 'More bytes came than announced',
    meaning: 'A source sent more than the release says. It was stopped and nothing was kept.',
    next: 'Try again. Another source will be used.',
  },
  storageFull: {
    title: 'Not enough space on this phone',
    meaning: 'The file would not fit, so the download was not started.',
    next: 'Remove stored firmware in the settings, or free some space.',
  },
  fetchCancelled: {
    title: 'The download was stopped',
    meaning: 'What came so far is kept and was checked.',
    next: 'Resume when you like.',
  },
  // Verifying
  wrongSize: {
    title: 'The file has the wrong size',
    meaning: 'It is not the file that the maker released. It was thrown away before anything was written.',
    next: 'Try again. If it happens again, tell the maker.',
  },
  wrongFileHash: {
    title: 'The file is not the released one',
    meaning: 'Its hash differs from the one on chain. It was thrown away before anything was written.',
    next: 'Try again. If it happens again, tell the maker.',
  },
  malformedImage: {
    title: 'The file is not a firmware image',
    meaning: 'Its structure is broken. It was thrown away before anything was written.',
    next: 'Tell the maker: this release can’t be installed.',
  },
  wrongImageHash: {
    title: 'The image’s own hash is wrong',
    meaning: 'What the device would check does not fit the release. Nothing was written.',
    next: 'Tell the maker: this release contradicts itself.',
  },
  wrongVersion: {
    title: 'The image carries another version',
    meaning: 'The release names one version, the file another. Nothing was written.',
    next: 'Tell the maker: this release contradicts itself.',
  },
  wrongSecurityCounter: {
    title: 'The image carries another security counter',
    meaning: 'The release and the file contradict each other. Nothing was written.',
    next: 'Tell the maker: this release contradicts itself.',
  },
  wrongKey: {
    title: 'The image is signed with another key',
    meaning: 'It is not the key that the release names. Nothing was written.',
    next: 'Don’t install it from elsewhere either. Tell the maker.',
  },
  unsigned: {
    title: 'The image is not signed',
    meaning: 'Nobody can tell who built it. Nothing was written.',
    next: 'Ask the maker for a signed release.',
  },
  wrongHardware: {
    title: 'The image is for other hardware',
    meaning: 'It was built for another hardware revision. Nothing was written.',
    next: 'Check the model that was chosen, or ask the maker.',
  },
  tooLargeForSlot: {
    title: 'The image is too large for this device',
    meaning: 'It does not fit into the free slot. Nothing was written.',
    next: 'Check the model that was chosen, or ask the maker.',
  },
  wrongFormat: {
    title: 'The file is for another kind of updater',
    meaning: 'This device takes files of another form. Nothing was written.',
    next: 'Check the model that was chosen, or ask the maker.',
  },
  bootloaderNewer: {
    title: 'The bootloader refuses to go back',
    meaning: 'It has run a newer version than this one. Nothing was replaced.',
    next: 'Ask the maker for a newer release.',
  },
  bootloaderOtherHardware: {
    title: 'The bootloader says: other hardware',
    meaning: 'The file is for another hardware or radio stack. Nothing was replaced.',
    next: 'Check the model that was chosen, or ask the maker.',
  },
  bootloaderDistrusts: {
    title: 'The bootloader does not trust this file',
    meaning: 'It knows another signing key, or the file’s own hash is wrong. Nothing was replaced.',
    next: 'Ask the maker: device and release don’t belong together.',
  },
  updaterRefused: {
    title: 'The device’s updater refused',
    meaning: 'It understood, but said no. Its reason is in the technical detail.',
    next: 'Restart the device and try again.',
  },
  notStarted: {
    title: 'The new firmware does not start',
    meaning: 'The bootloader took it and is waiting. The device can be updated again.',
    next: 'Try again. If it happens again, tell the maker.',
  },
  loaderNotEntered: {
    title: 'The device did not start its loader',
    meaning:
      'Its firmware can only be replaced by a loader, and it came back without it. Nothing was written.',
    next: 'Look in its manual for the button that starts the loader, hold it, and try again.',
  },
  notReadBack: {
    title: 'Its firmware tells nothing of itself',
    meaning:
      'The bootloader took the file, and an application runs again. Which one can’t be read back from this device.',
    next: 'Check the device again.',
  },
  wrongBootMode: {
    title: 'The release does not fit the bootloader',
    meaning:
      'It has no build for the slot that is free, or builds where the device needs one. Nothing was written.',
    next: 'Check the device again, or ask the maker.',
  },
  // Updating
  refused: {
    title: 'This update is refused',
    meaning: 'A check said no before anything was written.',
    next: 'Check the device again.',
  },
  reverted: {
    title: 'The new firmware did not stay',
    meaning: 'The device tried it and went back to the old one by itself. That is its safety net.',
    next: 'You can try once more. If it happens again, keep the old version and tell the maker.',
  },
  deviceChanged: {
    title: 'Another device answered',
    meaning: 'It is not the one this update began with, so nothing more was sent.',
    next: 'Bring the first device near, switch the other off, and resume.',
  },
  slotMismatch: {
    title: 'The device stored something else',
    meaning: 'What lies in its free slot is not what was sent. It was not started.',
    next: 'Resume to send it again. If it happens again, the device’s flash may be worn out.',
  },
  notConfirmed: {
    title: 'The device did not confirm the new firmware',
    meaning: 'It runs, but on trial: at its next restart it would go back to the old one.',
    next: 'Resume to confirm it again.',
  },
  restartIgnored: {
    title: 'The device does not restart',
    meaning: 'It holds the new firmware and has acknowledged the restart, but still runs the old one.',
    next: 'Switch it off and on again, then continue.',
  },
  deviceManaged: {
    title: 'Its owner decides about updates',
    meaning: 'The device has an owner, and takes firmware from them alone. Nothing was sent.',
    next: 'Its owner, or a technician with a key to manage it, can update it.',
  },
  walletLocked: {
    title: 'Unlock the wallet to go on',
    meaning: 'The device is yours, and asks for your key before it takes firmware.',
    next: 'Unlock the wallet, then go on.',
  },
  busyElsewhere: {
    title: 'Another tab is using this device',
    meaning: 'Only one may talk to it at a time.',
    next: 'Go to the other tab, or close it.',
  },
  nothingToWrite: {
    title: 'There is nothing to write',
    meaning:
      'The device already runs what the registry seems to name. That could not be proven, so Fob doesn’t say “up to date”.',
    next: 'Check again when more endpoints answer.',
  },
  deviceForgotten: {
    title: 'The device was forgotten meanwhile',
    meaning: 'It was removed from this browser while it was being updated.',
    next: 'Add it again: what was sent is still on the device.',
  },
  unexpectedError: {
    title: 'Fob ran into a fault of its own',
    meaning: 'It stopped where it was, and writes nothing more.',
    next: 'Resume. If it happens again, pass on the technical detail.',
  },
  // Pinning
  malformedPin: {
    title: 'This is not a maker’s code',
    meaning: 'It does not hold what is needed to pin a maker.',
    next: 'Check that you scanned the code for Fob, not another one on the box.',
  },
  pinUnreachable: {
    title: 'No maker’s file there',
    meaning: 'The website does not answer, or has no file for Fob.',
    next: 'Check the spelling, or use the printed code.',
  },
  badDomain: {
    title: 'This is not a website’s name',
    meaning: 'Only the name is needed, without https:// and without a path.',
    next: 'Write it like acme.example.',
  },
  pinForOtherNetwork: {
    title: 'This maker is on another network',
    meaning: 'Its releases are on another chain or registry than this app reads.',
    next: 'Open Fob from the site that the maker names.',
  },
}
