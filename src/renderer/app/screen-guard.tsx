/** A screen that throws takes nothing with it: stop keys, control bar and the other screens stay. Give it a key per screen. */
import { Component, type ReactNode } from 'react'
import { useMessages } from '../i18n/language.tsx'
import { frameMessages } from './messages.ts'

interface State {
  readonly error: Error | null
}

export class ScreenGuard extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : <ScreenFailed message={error.message} />
  }
}

function ScreenFailed({ message }: { message: string }): ReactNode {
  const t = useMessages(frameMessages)
  return (
    <div className="loading">
      <div className="col" role="alert">
        <h1 className="title">{t.screenFailed}</h1>
        <p className="t2">{t.screenFailedTodo}</p>
        <p className="t3 mono selectable">{message}</p>
      </div>
    </div>
  )
}
