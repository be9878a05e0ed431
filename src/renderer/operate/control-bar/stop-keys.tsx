/** How to stop, always in sight, by key and by mouse, from any page, whoever drives. The big octagon cuts the torque (DESIGN §4). */
import type { ReactNode } from 'react'
import { useApp } from '../../app/app-context.tsx'
import { useMessages } from '../../i18n/language.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { operateMessages } from '../messages.ts'

export function StopKeys(): ReactNode {
  const t = useMessages(operateMessages)
  const app = useApp()
  return (
    <section className="stop" aria-label={t.stopKeys}>
      <button
        type="button"
        className="stop-octagon"
        aria-label={t.stopButton}
        title={t.stopButton}
        data-testid="command-e-stop"
        onPointerDown={() => app.stop(true)}
        onClick={(event) => {
          // A click without a pointer comes from the keyboard.
          if (event.detail === 0) app.stop(true)
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path
            d="M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6z"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
          />
          <path d="M7 12h10" stroke="currentColor" strokeWidth="3" />
        </svg>
      </button>
      <div>
        <button type="button" className="stop-key" data-testid="command-stop" onClick={() => app.stop(false)}>
          <KeyCap chord="Escape" /> {t.stopMotion}
        </button>
        <button type="button" className="stop-key" onClick={() => app.stop(true)}>
          <KeyCap chord="Escape" />
          <KeyCap chord="Escape" /> {t.cutTorque}
        </button>
      </div>
    </section>
  )
}
