// A failure in words: what happened, what it means, what to do; the technical text is one tap away.
import type { ReactNode } from 'react'
import type { BlockReason } from '../../core/registry/decision.ts'
import type { Tone } from '../deviceState.ts'
import type { FailureText } from '../i18n/failureKinds.ts'
import { failureText } from '../i18n/failureText.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { Disclosure } from './Disclosure.tsx'
import { Notice } from './Notice.tsx'

export function FailureNotice({
  kind,
  reason = null,
  detail = null,
  tone = 'attention',
  actions,
}: {
  kind: string
  reason?: BlockReason | null
  detail?: string | null
  tone?: Tone
  actions?: ReactNode
}) {
  const text = failureText(useMessages(), kind, reason)
  return <FailureWords text={text} kind={reason ?? kind} detail={detail} tone={tone} actions={actions} />
}

/** The same for words that were found already. */
export function FailureWords({
  text,
  kind,
  detail,
  tone,
  actions,
}: {
  text: FailureText
  kind: string
  detail: string | null
  tone: Tone
  actions?: ReactNode
}) {
  return (
    <Notice tone={tone} title={text.title} live {...(actions === undefined ? {} : { actions })}>
      <div className="stack tight">
        <p>{text.meaning}</p>
        <p>{text.next}</p>
        <TechnicalDetail kind={kind} detail={detail} />
      </div>
    </Notice>
  )
}

export function TechnicalDetail({ kind, detail }: { kind: string; detail: string | null }) {
  const { common } = useMessages()
  return (
    <Disclosure title={common.technicalDetail}>
      <p>
        <code>{detail === null || detail === '' ? kind : `${kind}: ${detail}`}</code>
      </p>
    </Disclosure>
  )
}
