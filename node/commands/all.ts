// The subcommands of `fob`, in the order in which help lists them. A new one is a file beside this and a line here.
import type { CommandEntry } from '../cli/command.ts'

/** Loaded when it is run: the seed's libraries take longer to load than most commands to finish. */
export const commands: ReadonlyMap<string, CommandEntry> = new Map([
  [
    'publish',
    {
      summary: 'add a firmware file and write its release to the registry',
      load: async () => (await import('./publish.ts')).publish,
    },
  ],
  [
    'revoke',
    {
      summary: 'withdraw an image: apps refuse it, and warn where it runs',
      load: async () => (await import('./revoke.ts')).revoke,
    },
  ],
  [
    'releases',
    {
      summary: 'list what was published for a model',
      load: async () => (await import('./releases.ts')).releases,
    },
  ],
  [
    'verify',
    {
      summary: 'check a firmware file against the registry, with proofs',
      load: async () => (await import('./verify.ts')).verify,
    },
  ],
  [
    'seed',
    {
      summary: 'run the maker’s IPFS seed and relay until Ctrl-C',
      load: async () => (await import('./seed.ts')).seed,
    },
  ],
  [
    'holders',
    {
      summary: 'who else has a release’s file, before a seed is switched off',
      load: async () => (await import('./holders.ts')).holders,
    },
  ],
  [
    'sponsor',
    {
      summary: 'pay a peer that serves a release, up to a cap',
      load: async () => (await import('./sponsor.ts')).sponsor,
    },
  ],
  [
    'key',
    {
      summary: 'make an encrypted key file for --keystore',
      load: async () => (await import('./key.ts')).key,
    },
  ],
  [
    'agent',
    {
      summary: 'pay for the owner’s devices within his rules, on his own box',
      load: async () => (await import('./agent.ts')).agent,
    },
  ],
  [
    'attest',
    {
      summary: 'run a header attestor: final blocks and the time, for devices without a chain',
      load: async () => (await import('./attest.ts')).attest,
    },
  ],
  [
    'device',
    {
      summary: 'run the reference device on this board, as a Bluetooth peripheral',
      load: async () => (await import('./device.ts')).device,
    },
  ],
  [
    'gateway',
    {
      summary: 'carry the app to devices near this board, for phones without Bluetooth and for far away',
      load: async () => (await import('./gateway.ts')).gateway,
    },
  ],
  [
    'kiosk',
    {
      summary: 'show the kiosk in a browser that fills the screen, and start it again when it dies',
      load: async () => (await import('./kiosk.ts')).kiosk,
    },
  ],
  [
    'pay-till',
    {
      summary: 'pay a kiosk’s code with play money, as any wallet would',
      load: async () => (await import('./payTill.ts')).payTill,
    },
  ],
  [
    'demo-firmware',
    {
      summary: 'make firmware for the demo devices of npm start, to try publish and revoke',
      load: async () => (await import('./demoFirmware.ts')).demoFirmware,
    },
  ],
  [
    'deploy',
    { summary: 'put a firmware registry on a chain', load: async () => (await import('./deploy.ts')).deploy },
  ],
])
