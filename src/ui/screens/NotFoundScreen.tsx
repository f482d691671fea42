// An address that leads nowhere, or no longer.
import { LinkButton } from '../components/Button.tsx'
import { Screen } from '../components/Screen.tsx'
import { useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'

export function NotFoundScreen({ title }: { title?: string }) {
  const { notFound } = useMessages()
  return (
    <Screen title={title ?? notFound.title} back={paths.devices}>
      <p className="prose lead soft">{notFound.body}</p>
      <div>
        <LinkButton look="primary" href={paths.devices}>
          {notFound.action}
        </LinkButton>
      </div>
    </Screen>
  )
}
