// Catches what should not happen: says so honestly, and offers a way on.
import { RotateCcw } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import type { ScreenMessages } from '../i18n/en.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { Button } from './Button.tsx'
import { TechnicalDetail } from './FailureNotice.tsx'

export function ErrorBoundary({ children }: { children: ReactNode }) {
  return <Boundary messages={useMessages()}>{children}</Boundary>
}

interface BoundaryProps {
  readonly messages: ScreenMessages
  readonly children: ReactNode
}

class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    const { crash, common } = this.props.messages
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return (
      <div className="screen">
        <main id="content" className="screen-body">
          <div className="card empty" role="alert">
            <h1>{crash.title}</h1>
            <p className="prose soft">{crash.body}</p>
            <Button look="primary" icon={RotateCcw} onClick={() => window.location.reload()}>
              {common.reload}
            </Button>
            <TechnicalDetail kind="crash" detail={detail} />
          </div>
        </main>
      </div>
    )
  }
}
