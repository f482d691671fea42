// The words one by one or all at once, each checked as it is taken, and a passphrase for this browser.
import { CircleAlert, CircleCheck, Delete } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { passphraseBytes } from '../../../../core/wallet/passphrase.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { emptyPassphrase, isChosen, NewPassphrase } from '../onboarding/NewPassphrase.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import type { RestoreProps } from './RestoreScreen.tsx'
import {
  correct,
  type EntryState,
  emptyEntry,
  entryState,
  isRight,
  removeLast,
  suggestionsFor,
  takeDraft,
  takeWord,
  typeText,
  type WordEntry,
} from './wordEntry.ts'

export function ByWords({ formId, onReady, onBusy, onRestored }: RestoreProps) {
  const { restore: words, passphrase: fields } = useWalletMessages()
  const { vault } = useWallet()
  const [entry, setEntry] = useState(emptyEntry)
  const [chosen, setChosen] = useState(emptyPassphrase)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const state = entryState(entry)
  const isReady = state.kind === 'complete' && entry.draft === '' && isChosen(chosen)
  useEffect(() => onReady(isReady), [isReady, onReady])
  const restore = async () => {
    onBusy(true)
    setFailure(null)
    const restored = await vault.restore({
      phrase: entry.words.join(' '),
      passphrase: passphraseBytes(chosen.text),
    })
    onBusy(false)
    if (restored.ok) onRestored(chosen.text)
    else setFailure(restored.error)
  }
  return (
    <>
      <div className="card stack">
        <p className="prose soft">{words.wordsIntro}</p>
        <EntryField entry={entry} onChange={setEntry} />
        <EntryVerdict state={state} entry={entry} />
        <EnteredWords entry={entry} onChange={setEntry} />
      </div>
      <form
        id={formId}
        className="card stack"
        onSubmit={event => {
          event.preventDefault()
          if (isReady) void restore()
        }}
      >
        <p className="prose soft">{words.passphraseIntro}</p>
        <NewPassphrase label={fields.label} value={chosen} onChange={setChosen} />
      </form>
      {failure !== null && <WalletFailure failure={failure} />}
    </>
  )
}

interface EntryProps {
  readonly entry: WordEntry
  readonly onChange: (entry: WordEntry) => void
}

function EntryField({ entry, onChange }: EntryProps) {
  const { restore: words } = useWalletMessages()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // Letters that an input method has not made characters of yet are not words.
  const [composing, setComposing] = useState<string | null>(null)
  const suggestions = composing === null ? suggestionsFor(entry) : []
  const { correcting } = entry
  useEffect(() => {
    if (correcting !== null) input.current?.select()
  }, [correcting])
  return (
    <div className="field">
      <label htmlFor={id}>
        {correcting === null ? words.nextWord(entry.words.length + 1) : words.changeWord(correcting + 1)}
      </label>
      <input
        ref={input}
        id={id}
        className="input"
        value={composing ?? entry.draft}
        aria-describedby={`${id}-hint`}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="next"
        onCompositionStart={event => setComposing(event.currentTarget.value)}
        onCompositionEnd={event => {
          setComposing(null)
          onChange(typeText(entry, event.currentTarget.value))
        }}
        onChange={event => {
          if (composing === null) onChange(typeText(entry, event.target.value))
          else setComposing(event.target.value)
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
          event.preventDefault()
          onChange(takeDraft(entry))
        }}
      />
      <p className="hint" id={`${id}-hint`}>
        {words.wordHint}
      </p>
      {suggestions.length > 0 && (
        <ul className="chips" aria-label={words.suggestions}>
          {suggestions.map(word => (
            <li key={word}>
              <button
                type="button"
                className="chip"
                aria-label={words.take(word)}
                onClick={() => {
                  onChange(takeWord(entry, word))
                  // The keyboard of a phone stays open for the next word.
                  input.current?.focus()
                }}
              >
                {word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function EnteredWords({ entry, onChange }: EntryProps) {
  const { restore: words } = useWalletMessages()
  if (entry.words.length === 0) return null
  return (
    <div className="stack snug">
      <ol className="words entered" aria-label={words.entered} translate="no">
        {entry.words.map((word, index) => {
          const isKnown = isRight(entry.words, word)
          return (
            // Words repeat; their place is what tells them apart.
            <li key={`${String(index)}${word}`}>
              <button
                type="button"
                className={isKnown ? 'entered-word' : 'entered-word wrong'}
                onClick={() => onChange(correct(entry, index))}
              >
                <span className="place">{index + 1}</span> <span className="word">{word}</span>
                {!isKnown && (
                  <>
                    <CircleAlert size={16} aria-hidden />{' '}
                    <span className="hidden-text">{words.notTheWord}</span>
                  </>
                )}
              </button>
            </li>
          )
        })}
      </ol>
      <div className="button-row">
        <Button look="quiet" icon={Delete} onClick={() => onChange(removeLast(entry))}>
          {words.removeLast}
        </Button>
        <Button look="quiet" onClick={() => onChange(emptyEntry)}>
          {words.clear}
        </Button>
      </div>
    </div>
  )
}

function EntryVerdict({ state, entry }: { state: EntryState; entry: WordEntry }) {
  const { restore: words } = useWalletMessages()
  return (
    <div role="status">
      {state.kind === 'typing' && entry.words.length > 0 && (
        <p className="soft small">{words.needs(entry.words.length)}</p>
      )}
      {state.kind === 'tooMany' && <Notice tone="attention" title={words.tooMany} />}
      {state.kind === 'wrongWord' && (
        <Notice
          tone="attention"
          title={
            state.isOtherLanguage ? words.otherLanguage : words.notInList(entry.words[state.index] ?? '')
          }
        />
      )}
      {state.kind === 'checksum' && (
        <Notice tone="attention" title={words.checksumWrong}>
          {words.checksumWrongBody}
        </Notice>
      )}
      {state.kind === 'complete' && <Notice tone="ok" icon={CircleCheck} title={words.complete} />}
    </div>
  )
}
