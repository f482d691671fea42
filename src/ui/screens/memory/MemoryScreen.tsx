// Instead of any other screen: what Fob stored in this browser can't be read, or is gone. Neither may look like a first visit.
import { HardDrive, KeyRound, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { MemoryView } from '../../../app/fob.ts'
import { Button } from '../../components/Button.tsx'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { Section } from '../../components/Facts.tsx'
import { TechnicalDetail } from '../../components/FailureNotice.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useMemoryMessages } from '../../i18n/useMemoryMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

export function MemoryScreen({ memory }: { memory: Extract<MemoryView, { status: 'unreadable' | 'gone' }> }) {
  return memory.status === 'gone' ? <Gone /> : <Unreadable detail={memory.detail} />
}

function Unreadable({ detail }: { detail: string }) {
  const fob = useFob()
  const { unreadable: words } = useMemoryMessages()
  const { common } = useMessages()
  const problem = useReadable(fob.storeProblem)
  const isOutdated = problem?.kind === 'storeOutdated'
  const [isAsking, setAsking] = useState(false)
  return (
    <Screen
      title={words.title}
      notices={false}
      actions={
        <>
          <Button
            look="primary"
            icon={RotateCcw}
            wide
            onClick={() => (isOutdated ? window.location.reload() : fob.retryMemory())}
          >
            {isOutdated ? common.reload : words.retry}
          </Button>
          <Button look="quiet" wide onClick={() => setAsking(true)}>
            {words.goOn}
          </Button>
        </>
      }
    >
      <Notice tone="attention" icon={HardDrive} title={words.what} live>
        {isOutdated ? words.newer : words.whatBody} {words.notNow}
      </Notice>
      {!isOutdated && (
        <Section title={words.doTitle}>
          <Points points={words.steps} />
        </Section>
      )}
      <TechnicalDetail kind="memoryUnreadable" detail={detail} />
      {isAsking && (
        <ConfirmSheet
          title={words.goOnTitle}
          action={words.goOn}
          onConfirm={() => fob.goOnWithoutMemory()}
          onClose={() => setAsking(false)}
        >
          <p className="prose">{words.goOnBody}</p>
          <Points points={words.missing} />
          <p className="prose">{words.goOnAfter}</p>
        </ConfirmSheet>
      )}
    </Screen>
  )
}

function Gone() {
  const fob = useFob()
  const { gone: words } = useMemoryMessages()
  const [, navigate] = useLocation()
  const restore = () => {
    fob.goOnWithoutMemory()
    navigate(paths.walletRestore)
  }
  return (
    <Screen
      title={words.title}
      notices={false}
      actions={
        <>
          <Button look="primary" icon={KeyRound} wide onClick={restore}>
            {words.restore}
          </Button>
          <Button wide onClick={() => fob.goOnWithoutMemory()}>
            {words.goOn}
          </Button>
        </>
      }
    >
      <Notice tone="attention" icon={HardDrive} title={words.what} live>
        {words.whatBody}
      </Notice>
      <Section title={words.doTitle}>
        <Points points={words.steps} />
      </Section>
      <p className="soft small prose indent">{words.prevent}</p>
    </Screen>
  )
}

function Points({ points }: { points: readonly string[] }) {
  return (
    <ul className="card stack snug">
      {points.map(point => (
        <li key={point} className="prose">
          {point}
        </li>
      ))}
    </ul>
  )
}
