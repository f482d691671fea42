// One attestor as its operator runs it: key and record in a directory that no other process uses, and its HTTP.
import { join } from 'node:path'
import type { Bytes } from '../../src/core/bytes.ts'
import type { ChainLocation } from '../chain/provenStorage.ts'
import { claimInstance, instancePath } from '../local/instance.ts'
import { createAttestor, loadOrMakeAttestorKey } from './attestor.ts'
import { startAttestorServer } from './server.ts'
import { openSignedHeights } from './signedHeights.ts'

export interface RunAttestorOptions {
  /** Its own: the key, and the record of what was signed. */
  readonly directory: string
  readonly location: ChainLocation
  readonly minAgreeing: number
  /** Seconds between its clock and the newest final block above which it does not tell the time. */
  readonly maxDriftSeconds: number
  readonly host: string
  readonly port: number
  /** Unix seconds. */
  readonly now?: () => number
}

export interface AttestorProcess {
  /** x || y, 64 bytes. */
  readonly key: Bytes
  readonly url: string
  stop(): Promise<void>
}

/** Throws PortInUse, AlreadyRunning where another process has the directory, or RecordDamaged. */
export async function runAttestor(options: RunAttestorOptions): Promise<AttestorProcess> {
  const { directory, location, minAgreeing, maxDriftSeconds, host, port } = options
  const claim = await claimInstance(join(directory, 'running.json'), `http://${host}:${port}`)
  try {
    const secretKey = loadOrMakeAttestorKey(join(directory, 'key'))
    const signed = openSignedHeights(join(directory, 'signed-heights'), location.chainId)
    const attestor = createAttestor({
      location,
      rule: { minAgreeing, maxAgeSeconds: maxDriftSeconds },
      secretKey,
      signed,
      now: options.now ?? (() => Math.floor(Date.now() / 1000)),
    })
    try {
      const server = await startAttestorServer({
        attestor,
        host,
        port,
        chainId: location.chainId,
        maxDriftSeconds,
        instance: { path: instancePath, id: claim.instance },
      })
      return {
        key: attestor.key,
        url: server.url,
        async stop() {
          await server.stop()
          signed.close()
          claim.release()
        },
      }
    } catch (error) {
      signed.close()
      throw error
    }
  } catch (error) {
    claim.release()
    throw error
  }
}
