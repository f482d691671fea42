// A long list in a card, a page of it at a time.
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { pageSize } from '../devices/deviceList.ts'

export function PagedRows<T extends { readonly key: string }>({
  items,
  row,
}: {
  items: readonly T[]
  row: (item: T) => ReactNode
}) {
  const { choose: words } = useFleetMessages()
  const [count, setCount] = useState(pageSize)
  const left = items.length - count
  return (
    <>
      <ul className="card flush rows">
        {items.slice(0, count).map(item => (
          <li key={item.key}>{row(item)}</li>
        ))}
      </ul>
      {left > 0 && (
        <Button wide onClick={() => setCount(count + pageSize)}>
          {words.more(Math.min(left, pageSize))}
        </Button>
      )}
    </>
  )
}
