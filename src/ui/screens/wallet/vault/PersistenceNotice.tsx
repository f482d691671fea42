// Whether the browser has promised to keep the wallet, in words.
import { HardDrive, ShieldCheck } from 'lucide-react'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { usePersistence } from './usePersistence.ts'

export function PersistenceNotice() {
  const { persistence: words } = useWalletMessages()
  const { answer, ask } = usePersistence()
  if (answer === true) {
    return (
      <Notice tone="plain" icon={ShieldCheck} title={words.granted} live>
        {words.grantedNote}
      </Notice>
    )
  }
  return (
    <Notice
      tone="plain"
      icon={HardDrive}
      title={answer === null ? words.unknown : words.refused}
      actions={<Button onClick={() => void ask()}>{words.ask}</Button>}
      live
    >
      {answer === false && words.refusedNote}
    </Notice>
  )
}
