// A maker by its website: the well-known file there names its address.
import { Globe } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { TextField } from '../../components/Field.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'

export function ByDomain({
  isReading,
  onDomain,
}: {
  isReading: boolean
  onDomain: (domain: string) => void
}) {
  const { pin: words } = useMessages()
  const [domain, setDomain] = useState('')
  return (
    <Section title={words.domain}>
      <form
        className="card stack"
        onSubmit={event => {
          event.preventDefault()
          onDomain(domain.trim().toLowerCase())
        }}
      >
        <TextField
          label={words.domainLabel}
          hint={words.domainHint}
          value={domain}
          onChange={setDomain}
          placeholder="acme.example"
        />
        <Button type="submit" icon={Globe} disabled={domain.trim() === ''} busy={isReading}>
          {words.domainRead}
        </Button>
      </form>
    </Section>
  )
}
