// What brings the wallet back: the words, and a sealed file.
import { ChevronRight, Download, NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { VaultState } from '../../../../app/ports/vault.ts'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { paths } from '../../../paths.ts'
import { saveFile } from '../../../saveFile.ts'
import { useVaultState, useWallet } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { backupFileName } from './backupFileName.ts'

export function BackupSection() {
  const { vault: words } = useWalletMessages()
  const { vault } = useWallet()
  const state = useVaultState()
  const [saved, setSaved] = useState<string | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const save = async () => {
    setFailure(null)
    setSaved(null)
    const file = await vault.exportFile()
    if (!file.ok) {
      setFailure(file.error)
      return
    }
    const name = backupFileName(new Date())
    saveFile(name, 'application/octet-stream', file.value)
    setSaved(name)
  }
  return (
    <Section title={words.backup}>
      <div className="card flush rows">
        <Link className="row" href={paths.walletBackup}>
          <NotebookPen size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow">
            <span className="row-title">{words.words}</span>
            <br />
            <span className="row-note">{wordsNote(state, words)}</span>
          </span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </Link>
        <button type="button" className="row" onClick={() => void save()}>
          <Download size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow">
            <span className="row-title">{words.exportFile}</span>
            <br />
            <span className="row-note">{words.exportNote}</span>
          </span>
        </button>
      </div>
      {failure !== null && <WalletFailure failure={failure} />}
      <div role="status">
        {saved !== null && (
          <Notice tone="ok" title={words.exported(saved)}>
            {words.exportBody}
          </Notice>
        )}
      </div>
    </Section>
  )
}

/** Whether the words were confirmed lies sealed in the vault: a locked one does not tell. */
function wordsNote(state: VaultState, words: WalletMessages['vault']): string {
  if (state.kind !== 'unlocked') return words.wordsUnknown
  return state.isBackedUp ? words.wordsConfirmed : words.wordsUnconfirmed
}
