// A maker's code: by camera, from a picture, or pasted as text.
import { Section } from '../../components/Facts.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'

export function ByCode({ isReading, onText }: { isReading: boolean; onText: (text: string) => void }) {
  const { pin: words } = useMessages()
  return (
    <Section title={words.scanHint}>
      <CodeReader scanLabel={words.scan} pasteHint={words.pasteHint} isReading={isReading} onText={onText} />
    </Section>
  )
}
