// Where state is kept: one directory, so that two instances (a person's and a test's) never meet.
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root directory. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

export interface Home {
  readonly directory: string
  /** The development chain's state. */
  readonly chain: string
  readonly deployment: string
  readonly demoKeys: string
  readonly seed: string
  /** The key of the relay that is not the maker's. */
  readonly relay: string
  /** Who is running here. */
  readonly running: string
  /** Attestors and the demo agent, which remember what they have signed: of each chain in a directory of its own. */
  readonly signers: string
  /** What the last start served; the `fob` command's default network. */
  readonly network: string
}

/** `FOB_HOME`, or `.fob` in the project. */
export function homeDirectory(env: NodeJS.ProcessEnv): string {
  return resolve(env.FOB_HOME || join(projectRoot, '.fob'))
}

export function openHome(directory: string): Home {
  return {
    directory,
    chain: join(directory, 'chain'),
    deployment: join(directory, 'deployment.json'),
    demoKeys: join(directory, 'demo-keys.json'),
    seed: join(directory, 'seed'),
    relay: join(directory, 'relay'),
    running: join(directory, 'running.json'),
    signers: join(directory, 'signers'),
    network: join(directory, 'network.json'),
  }
}
