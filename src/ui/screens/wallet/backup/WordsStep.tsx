// The recovery words, hidden until they are asked for and whenever the page is put away.
import { Eye, EyeOff, PencilLine } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { languageTags } from '../../../i18n/formats.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

/** `actions` are there once the words were seen. */
export function WordsStep({
  phrase,
  back,
  actions,
}: {
  phrase: readonly string[]
  back?: string
  actions: (hasSeen: boolean) => ReactNode
}) {
  const { backup: words } = useWalletMessages()
  const [isShown, setShown] = useState(false)
  const [hasSeen, setSeen] = useState(false)
  const show = () => {
    setShown(true)
    setSeen(true)
  }
  useEffect(() => {
    // Phones keep a picture of every page that is put away.
    const hide = () => {
      if (document.hidden) setShown(false)
    }
    document.addEventListener('visibilitychange', hide)
    return () => document.removeEventListener('visibilitychange', hide)
  }, [])
  return (
    <Screen
      title={words.title}
      notices={false}
      actions={actions(hasSeen)}
      {...(back === undefined ? {} : { back })}
    >
      <p className="prose">{words.intro(phrase.length)}</p>
      <section className="card stack">
        {isShown ? (
          <WordList phrase={phrase} label={words.list} />
        ) : (
          <button type="button" className="words-cover" onClick={show}>
            <Eye size={26} aria-hidden />
            <span className="row-title">{words.show}</span>
            <span className="row-note">{words.hidden}</span>
          </button>
        )}
        {isShown && (
          <Button look="quiet" icon={EyeOff} onClick={() => setShown(false)}>
            {words.hide}
          </Button>
        )}
      </section>
      <ul className="rules">
        {words.rules.map(rule => (
          <li key={rule}>
            <PencilLine size={16} aria-hidden />
            <span>{rule}</span>
          </li>
        ))}
      </ul>
    </Screen>
  )
}

function WordList({ phrase, label }: { phrase: readonly string[]; label: string }) {
  const isChinese = /\p{Script=Han}/u.test(phrase[0] ?? '')
  return (
    <ol
      className={isChinese ? 'words chinese' : 'words'}
      aria-label={label}
      lang={languageTags[isChinese ? 'zh' : 'en']}
      translate="no"
    >
      {phrase.map((word, index) => (
        // Words repeat; their place is what tells them apart.
        <li key={`${String(index)}${word}`}>
          <span className="place">{index + 1}</span>
          <span className="word">{word}</span>
        </li>
      ))}
    </ol>
  )
}
