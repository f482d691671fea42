// After an update: a calm offer to pass the file on, for whoever has not switched serving on yet.

import { Share2 } from 'lucide-react'
import { useState } from 'react'
import { Button, LinkButton } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useServingMessages } from '../../i18n/useServingMessages.ts'
import { paths } from '../../paths.ts'
import { useServing } from './useServing.ts'

/** Shows nothing where there is nothing to offer. */
export function PassOnOffer({ modelName }: { modelName: string }) {
  const words = useServingMessages()
  const loaded = useServing()
  const [isAccepted, setAccepted] = useState(false)
  if (loaded === null) return null
  const { serving, view } = loaded
  if (isAccepted && view.status.kind === 'serving')
    return <Notice tone="ok" icon={Share2} title={words.offerOn} live />
  if (view.rules.isOn && !isAccepted) return null
  const accept = () => {
    setAccepted(true)
    void serving.change({ isOn: true })
  }
  return (
    <Notice
      tone="plain"
      icon={Share2}
      title={words.offerTitle}
      actions={
        <>
          <Button busy={isAccepted} onClick={accept}>
            {words.offerYes}
          </Button>
          <LinkButton look="quiet" href={paths.serving}>
            {words.offerMore}
          </LinkButton>
        </>
      }
    >
      <p>{words.offerBody(modelName)}</p>
    </Notice>
  )
}
