// A receipt as plain text, complete enough to be checked by somebody else: hashes in full.
import type { UpdateReceipt } from '../../../app/ports/store.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { evidenceShort } from '../../deviceWords.ts'
import type { ScreenMessages } from '../../i18n/en.ts'
import type { Formats } from '../../i18n/formats.ts'

export function receiptText(
  receipt: UpdateReceipt,
  messages: ScreenMessages,
  formats: Formats,
): { readonly title: string; readonly body: string } {
  const { result, device, evidence, common } = messages
  const from = receipt.from === null ? common.unknown : formatVersion(receipt.from)
  const title = result.textTitle(receipt.deviceName, from, formatVersion(receipt.to))
  const proof = receipt.evidence
  const lines: readonly (readonly [string, string])[] = [
    [device.model, `${receipt.model.name} (${common.hardware(receipt.model.hardware)})`],
    [device.maker, receipt.model.maker],
    ...(receipt.deviceId === null ? [] : [[device.deviceId, receipt.deviceId] as const]),
    [evidence.imageHash, receipt.imageHash],
    [evidence.fileHash, receipt.manifest.fileHash],
    ...(receipt.chain === undefined
      ? []
      : ([
          [evidence.chain, `${receipt.chain.name} (${String(receipt.chain.id)})`],
          [evidence.registry, receipt.chain.registry],
        ] as const)),
    [evidence.blockNumber, `${String(proof.block.number)} ${proof.block.hash}`],
    [result.evidence, evidenceShort(proof, receipt.finishedAt, messages, formats)],
    [result.finished, formats.dateTime(receipt.finishedAt)],
    [result.took, formats.duration(receipt.finishedAt - receipt.startedAt)],
  ]
  const end = receipt.readBack === false ? result.taken : result.readBack
  const body = [title, end, '', ...lines.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return { title, body }
}
