// English: why a release must not be installed.
import type { BlockReason } from '../../../core/registry/decision.ts'
import type { FailureText } from '../failureKinds.ts'

export const blocked: Record<BlockReason, FailureText> = {
  unknownModel: {
    title: 'The model is not known',
    meaning: 'Without its model, Fob can’t tell which firmware belongs on this device.',
    next: 'Choose the model yourself, from the label on the device.',
  },
  notRegistered: {
    title: 'The maker has not registered this model',
    meaning:
      'The registry has no entry for it, and that absence was checked. A genuine device of this maker would have one.',
    next: 'Ask the maker. Don’t trust this device with anything until you know.',
  },
  noRelease: {
    title: 'Nothing was released yet',
    meaning: 'The model is registered, but this channel is empty.',
    next: 'Try the other channel in the settings, or come back later.',
  },
  revoked: {
    title: 'The newest release was withdrawn',
    meaning: 'The maker has revoked it, so Fob does not install it.',
    next: 'Wait for the next release and check again.',
  },
  wrongHardware: {
    title: 'The release is for other hardware',
    meaning: 'The device’s hardware revision is not the one this firmware was built for.',
    next: 'Check the model that was chosen, or ask the maker for a release for this revision.',
  },
  downgradeVersion: {
    title: 'The device runs something newer',
    meaning: 'The release is older than what is running. Going back could bring back old faults.',
    next: 'Nothing to do. If you didn’t install a newer version, ask the maker.',
  },
  downgradeCounter: {
    title: 'The security counter is too low',
    meaning: 'The device would refuse this image: it was built before a security fix.',
    next: 'Wait for a newer release.',
  },
  expiredHead: {
    title: 'The release statement has expired',
    meaning: 'The maker has not renewed it in time. A newer release could be hidden from you.',
    next: 'Check again later. If it lasts, ask the maker.',
  },
  unsigned: {
    title: 'The image is not signed',
    meaning: 'The release names no signing key, so nobody can tell who built it.',
    next: 'Ask the maker for a signed release.',
  },
  tooLargeForSlot: {
    title: 'The image is too large',
    meaning: 'It does not fit into the device’s free slot.',
    next: 'Check the model that was chosen, or ask the maker.',
  },
  rolledBackHead: {
    title: 'The registry went back in time',
    meaning:
      'Fob has already proven a newer release than the one it is shown now. Somebody may be hiding it.',
    next: 'Change the endpoints or the network you are on, and check again.',
  },
  wrongBootMode: {
    title: 'The release does not fit the bootloader',
    meaning:
      'Some bootloaders run firmware where it lies and need a build for each slot; the others need one build. This release has the other kind, or the device does not say which it needs.',
    next: 'Ask the maker for a release for this device’s bootloader.',
  },
  versionNotHigher: {
    title: 'The bootloader would not start it',
    meaning:
      'It starts the higher version of its two images and ignores build numbers. This release’s version is not higher than what runs.',
    next: 'Wait for a release with a higher version.',
  },
  singleSlot: {
    title: 'The device has room for one firmware',
    meaning: 'What runs can’t be replaced while it runs, and the device has no loader that could do it.',
    next: 'Ask the maker how this device is updated, often over a cable.',
  },
}
