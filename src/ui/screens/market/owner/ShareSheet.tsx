// An offer for others: as a code to be scanned or printed, and as a link.
import { Copy, Share2 } from 'lucide-react'
import { Button } from '../../../components/Button.tsx'
import { QrCode } from '../../../components/QrCode.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { useCopy } from '../../../useCopy.ts'

export function ShareSheet({ link, onClose }: { link: string; onClose: () => void }) {
  const { letting: words } = useMarketMessages()
  const { common } = useMessages()
  const { copied, copy } = useCopy()
  const canSend = typeof navigator.share === 'function'
  return (
    <Sheet
      title={words.shareTitle}
      onClose={onClose}
      actions={
        <>
          <Button look={canSend ? 'secondary' : 'primary'} icon={Copy} wide onClick={() => void copy(link)}>
            {copied ? common.copied : words.shareLink}
          </Button>
          {canSend && (
            <Button
              look="primary"
              icon={Share2}
              wide
              // Closing the system's sheet rejects: nothing is wrong then.
              onClick={() => void navigator.share({ url: link }).catch(() => {})}
            >
              {words.shareSend}
            </Button>
          )}
        </>
      }
    >
      <p className="prose soft">{words.shareBody}</p>
      <QrCode text={link} label={words.shareTitle} />
      <p className="small breakable">{link}</p>
    </Sheet>
  )
}
