// Three words of the phrase, picked one after the other: the proof that the paper is right.
import { useMemo, useState } from 'react'
import type { PhraseAnswer } from '../../../../app/ports/vault.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { languageTags } from '../../../i18n/formats.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { makeQuiz, quizRandoms } from './quiz.ts'

export function CheckStep({
  phrase,
  onConfirmed,
  onAgain,
  onLater,
}: {
  phrase: readonly string[]
  onConfirmed: () => void
  onAgain: () => void
  onLater?: () => void
}) {
  const { backup: words } = useWalletMessages()
  const { vault } = useWallet()
  const [round, setRound] = useState(0)
  // A new one after each mistake: picking until it fits proves nothing.
  const quiz = useMemo(() => {
    const length = quizRandoms(phrase.length)
    return makeQuiz(phrase, crypto.getRandomValues(new Uint32Array(round < 0 ? 0 : length)))
  }, [phrase, round])
  const [answers, setAnswers] = useState<readonly PhraseAnswer[]>([])
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const index = quiz.places[answers.length]

  const pick = async (word: string) => {
    if (index === undefined) return
    const given = [...answers, { index, word }]
    setAnswers(given)
    setFailure(null)
    if (given.length < quiz.places.length) return
    const confirmed = await vault.confirmBackup(given)
    if (confirmed.ok) {
      onConfirmed()
      return
    }
    setFailure(confirmed.error)
    setAnswers([])
    setRound(round + 1)
  }
  const isChinese = /\p{Script=Han}/u.test(phrase[0] ?? '')
  return (
    <Screen
      title={words.checkTitle}
      notices={false}
      actions={
        <>
          <Button wide onClick={onAgain}>
            {words.again}
          </Button>
          {onLater !== undefined && (
            <Button look="quiet" wide onClick={onLater}>
              {words.later}
            </Button>
          )}
        </>
      }
    >
      <p className="prose soft">{words.checkBody}</p>
      {failure !== null &&
        (failure.kind === 'backupMismatch' ? (
          <Notice tone="attention" title={words.mismatch} live>
            {words.mismatchBody}
          </Notice>
        ) : (
          <WalletFailure failure={failure} />
        ))}
      <ol className="picked">
        {quiz.places.map((place, at) => (
          <li key={place} aria-current={at === answers.length ? 'step' : undefined}>
            <span className="row-note">{words.checkWord(place + 1)}</span>
            <span className="word" lang={languageTags[isChinese ? 'zh' : 'en']}>
              {answers[at]?.word ?? '…'}
            </span>
          </li>
        ))}
      </ol>
      <section className="stack snug">
        <h2 aria-live="polite">{index === undefined ? words.check : words.checkPick(index + 1)}</h2>
        <ul className="chips" lang={languageTags[isChinese ? 'zh' : 'en']} translate="no">
          {quiz.options.map(word => (
            <li key={word}>
              <button type="button" className="chip" onClick={() => void pick(word)}>
                {word}
              </button>
            </li>
          ))}
        </ul>
      </section>
    </Screen>
  )
}
