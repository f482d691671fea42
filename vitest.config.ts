import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longestFirst.ts'

/** Units that hold no state beyond a test, of code that holds none. */
const pure = [
  'smp',
  'mcuboot',
  'proof',
  'registry',
  'lock',
  'vending',
  'voucher',
  'dfu',
  'device',
  'update',
  'p2p',
].map(folder => `test/unit/${folder}/**/*.test.ts`)

/** How long they wait for a screen or a process says nothing of Fob. */
const patient = { poll: { timeout: 60_000, interval: 100 } }

// Tests here start chains, seeds and browsers. One that fails on a busy machine is tried again, and the report says that it was.
// `npm test` runs the browsers' stories beside everything else, which has a lower priority (test/run.ts): most of their time
// they wait for a chain, a seed or each other.
export default defineConfig({
  test: {
    // One for all projects: those of a project itself are not heeded.
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          testTimeout: 180_000,
          expect: patient,
          retry: 2,
          // Each file in a process of its own took as long to load as to run.
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx'],
          exclude: pure,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: patient,
          retry: 2,
          // Many of them wait, for chains and processes.
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: patient,
          retry: 2,
          // Each file in a process of its own took as long to load as to run.
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/globalSetup.ts'],
          // Three stories at a time on two cores: each of them mostly waits. A process of its own for each file would load as much anew.
          isolate: false,
          maxWorkers: 3,
          testTimeout: 240_000,
          hookTimeout: 180_000,
          expect: patient,
          retry: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
