// Whom the person trusts does not change without a word: a pin is there, and can't be read any more.
import { HardDrive } from 'lucide-react'
import { useFob } from '../fobContext.ts'
import { shortHash } from '../i18n/formats.ts'
import { useMemoryMessages } from '../i18n/useMemoryMessages.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'
import { Button, LinkButton } from './Button.tsx'
import { Notice } from './Notice.tsx'

export function MakerNotice({ address }: { address: string }) {
  const fob = useFob()
  const { maker: words } = useMemoryMessages()
  return (
    <Notice
      tone="attention"
      icon={HardDrive}
      title={words.title}
      actions={
        <>
          <LinkButton href={paths.addMaker}>{words.addAgain}</LinkButton>
          <Button onClick={() => void fob.forgetUnreadableMaker(address)}>{words.forget}</Button>
        </>
      }
      live
    >
      {words.body(shortHash(address))}
    </Notice>
  )
}

/** `canLook`: the host's present file is here. */
export function PinNotice({ canLook }: { canLook: boolean }) {
  const fob = useFob()
  const { network: words } = useMemoryMessages()
  const { common } = useMessages()
  return (
    <Notice
      tone="attention"
      icon={HardDrive}
      title={words.title}
      actions={
        canLook ? (
          <LinkButton href={paths.networkChange}>{words.look}</LinkButton>
        ) : (
          <Button onClick={() => void fob.reloadNetwork()}>{common.retry}</Button>
        )
      }
      live
    >
      {words.body}
    </Notice>
  )
}
