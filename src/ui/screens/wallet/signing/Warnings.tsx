// What should stop the hand before it signs; each has to be answered for by itself.
import type { Address } from '../../../../core/bytes.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import type { Warning } from '../../../../core/wallet/sentence.ts'
import { Check } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { addressGroups } from '../../../i18n/formats.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

export function Warnings({
  warnings,
  answered,
  onAnswer,
}: {
  warnings: readonly Warning[]
  /** By their place in the list. */
  answered: ReadonlySet<number>
  onAnswer: (index: number, isAnswered: boolean) => void
}) {
  const { warnings: words } = useWalletMessages().sentenceWords
  return warnings.map((warning, index) => (
    // The list never changes while the sheet is open.
    <Notice key={`${String(index)}${warning.kind}`} tone="alarm" title={words[warning.kind].title} live>
      <div className="stack tight">
        <p>{words[warning.kind].body}</p>
        {warning.kind === 'lookAlike' && <Comparison known={warning.known} given={warning.address} />}
        <Check checked={answered.has(index)} onChange={isAnswered => onAnswer(index, isAnswered)}>
          {words[warning.kind].sure}
        </Check>
      </div>
    </Notice>
  ))
}

/** Both addresses in groups of four, the groups that differ marked; read out as two addresses. */
function Comparison({ known, given }: { known: Address; given: Address }) {
  const { lookAlike } = useWalletMessages().sentenceWords.warnings
  const [a, b] = [addressGroups(known), addressGroups(given)]
  return (
    <dl className="comparison">
      {(
        [
          [lookAlike.known, known, a, b],
          [lookAlike.given, given, b, a],
        ] as const
      ).map(([name, address, groups, others]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span className="hidden-text">{checksumAddress(address)}</span>
            <span className="address-block" aria-hidden="true">
              {groups.map((group, index) =>
                group === others[index] ? (
                  <span key={`${String(index)}${group}`}>{group}</span>
                ) : (
                  <mark key={`${String(index)}${group}`}>{group}</mark>
                ),
              )}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
