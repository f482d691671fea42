// Before the first wallet: what it is in two sentences, and the two ways to have one.
import { KeyRound } from 'lucide-react'
import { lazy } from 'react'
import { LinkButton } from '../../../components/Button.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

/** Few ever see it. */
const LostScreen = lazy(async () => ({ default: (await import('./LostScreen.tsx')).LostScreen }))

export function WelcomeScreen() {
  const lost = useReadable(useWallet().lostVault)
  return lost === null ? <Welcome /> : <LostScreen address={lost} />
}

function Welcome() {
  const { wallet: words } = useWalletMessages()
  return (
    <Screen
      title={words.title}
      actions={
        <>
          <LinkButton look="primary" icon={KeyRound} wide href={paths.walletCreate}>
            {words.create}
          </LinkButton>
          <LinkButton look="quiet" wide href={paths.walletRestore}>
            {words.restore}
          </LinkButton>
        </>
      }
    >
      <div className="stack snug">
        <h2 className="welcome-title">{words.welcomeTitle}</h2>
        {words.welcomeBody.map(sentence => (
          <p key={sentence} className="lead soft prose">
            {sentence}
          </p>
        ))}
      </div>
      <ol className="card how">
        {words.how.map(({ title, body }, index) => (
          <li key={title}>
            <span className="number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{title}</h3>
              <p className="soft">{body}</p>
            </div>
          </li>
        ))}
      </ol>
      <p className="soft small prose indent">{words.welcomeNobody}</p>
    </Screen>
  )
}
