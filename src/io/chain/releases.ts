// A channel's history as endpoints report it, kept where enough of them report the same.
import type { Hex } from '../../core/bytes.ts'
import type { Endpoint } from '../../core/proof/endpoint.ts'
import { decodeManifest, imageDigest } from '../../core/registry/manifest.ts'
import { isRevoked } from '../../core/registry/policy.ts'
import type { Attestation, ReleaseEntry, Revocation } from '../../core/registry/release.ts'
import { attestedTopic, type Released, readAttested, readReleased, releasedTopic } from './events.ts'
import type { HistoryScope } from './history.ts'
import { type Log, readLogs } from './logs.ts'

export interface Published {
  /** In the order of the chain. */
  readonly released: readonly Released[]
  /** By image digest, each auditor's last word, in the order in which they first spoke. */
  readonly attestations: ReadonlyMap<Hex, readonly Attestation[]>
}

/** Anyone may attest; more than this for one image is not shown. */
const maxAttestations = 64

/** Keeps what at least `minAgreeing` of the endpoints report, or all of them where fewer answer. */
export async function listPublished(
  endpoints: readonly Endpoint[],
  scope: HistoryScope,
  channel: Hex,
  minAgreeing: number,
): Promise<Published> {
  const { registry: address, modelId, firstBlock: fromBlock, lastBlock: toBlock } = scope
  const read = async (...topics: Hex[]) => {
    const answers = await Promise.all(
      endpoints.map(endpoint => readLogs(endpoint, { address, topics, fromBlock, toBlock })),
    )
    return agreedLogs(
      answers.flatMap(answer => (answer.ok ? [answer.value] : [])),
      minAgreeing,
    )
  }
  const [released, attested] = await Promise.all([
    read(releasedTopic, modelId, channel),
    read(attestedTopic, modelId),
  ])
  const attestations = new Map<Hex, Attestation[]>()
  for (const event of attested.map(readAttested)) {
    if (!event) continue
    const list = attestations.get(event.digest) ?? []
    attestations.set(event.digest, list)
    const earlier = list.findIndex(({ auditor }) => auditor === event.attestation.auditor)
    if (earlier >= 0) list[earlier] = event.attestation
    else if (list.length < maxAttestations) list.push(event.attestation)
  }
  return { released: released.map(readReleased).filter(event => event !== undefined), attestations }
}

function agreedLogs(answers: readonly (readonly Log[])[], minAgreeing: number): readonly Log[] {
  const key = (log: Log) => `${log.transaction}/${log.topics.join('/')}/${log.data.join()}`
  const counts = new Map<string, number>()
  for (const answer of answers) {
    for (const seen of new Set(answer.map(key))) counts.set(seen, (counts.get(seen) ?? 0) + 1)
  }
  const needed = Math.min(minAgreeing, answers.length)
  const agreed = new Map<string, Log>()
  for (const log of answers.flat()) {
    if ((counts.get(key(log)) ?? 0) >= needed) agreed.set(key(log), log)
  }
  return [...agreed.values()].toSorted((a, b) => a.blockNumber - b.blockNumber)
}

/** Newest first. The head's entry is the event that was verified; what can't be decoded or comes after it is left out. */
export function toEntries(
  published: Published,
  head: Released,
  revocations: readonly Revocation[],
): readonly ReleaseEntry[] {
  const earlier = published.released.filter(event => event.seq < head.seq)
  return [...earlier, head]
    .toSorted((a, b) => b.seq - a.seq)
    .flatMap(event => {
      const decoded = decodeManifest(event.manifest)
      if (!decoded.ok) return []
      const manifest = decoded.value
      return {
        seq: event.seq,
        manifestHash: event.manifestHash,
        manifest,
        blockNumber: event.blockNumber,
        transaction: event.transaction,
        isHead: event === head,
        revoked: isRevoked(manifest.imageHash, revocations),
        attestations: published.attestations.get(imageDigest(manifest.imageHash)) ?? [],
      }
    })
}
