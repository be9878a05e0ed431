/** One shape per mode, so that who drives reads without colour and without words. */
import type { ReactNode } from 'react'
import type { Mode } from '#core/control/mode.ts'

const hole = 'var(--src-fill)'

const shapes: Readonly<Record<Mode | 'lost', ReactNode>> = {
  idle: (
    <circle
      cx="12"
      cy="12"
      r="9"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeDasharray="3.2 3.2"
    />
  ),
  holding: (
    <>
      <rect x="1.5" y="1.5" width="21" height="21" rx="3" fill="currentColor" />
      <path d="M8.7 7v10M15.3 7v10" stroke={hole} strokeWidth="3.2" />
    </>
  ),
  matching: (
    <>
      <path
        d="M2 5.5 8.5 12 2 18.5M22 5.5 15.5 12l6.5 6.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path d="M12 4v16" stroke="currentColor" strokeWidth="2.4" strokeDasharray="2.5 2.5" />
    </>
  ),
  teleop: (
    <>
      <circle cx="12" cy="12" r="11" fill="currentColor" />
      <circle cx="12" cy="8.9" r="3.3" fill={hole} />
      <path d="M5.6 18.6c.7-3.6 3.2-5.3 6.4-5.3s5.7 1.7 6.4 5.3z" fill={hole} />
    </>
  ),
  policy: (
    <>
      <path d="M12 .6 23.4 12 12 23.4.6 12z" fill="currentColor" />
      <path d="M5.8 12c1.7-2.7 3.8-4 6.2-4s4.5 1.3 6.2 4c-1.7 2.7-3.8 4-6.2 4s-4.5-1.3-6.2-4z" fill={hole} />
      <circle cx="12" cy="12" r="2.1" fill="currentColor" />
    </>
  ),
  blend: (
    <>
      <path
        d="M16 3.6 23 12l-7 8.4-3.4-4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path d="m12.6 7.6 3.4-4" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="8.2" cy="12" r="7.2" fill="currentColor" />
    </>
  ),
  slowStop: (
    <>
      <rect x="1.5" y="1.5" width="21" height="21" rx="3" fill="currentColor" />
      <path d="m6.5 7.2 5.5 4.4 5.5-4.4M6.5 13l5.5 4.4L17.5 13" fill="none" stroke={hole} strokeWidth="2.8" />
    </>
  ),
  fault: (
    <>
      <path d="M12 1.5 23.3 21.5H.7z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M12 8.5v6.2M12 17.3v1.4" stroke={hole} strokeWidth="2.8" />
    </>
  ),
  eStop: (
    <>
      <path d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" fill="currentColor" />
      <path d="M6.5 12h11" stroke={hole} strokeWidth="3.6" />
    </>
  ),
  lost: (
    <>
      <circle
        cx="12"
        cy="12"
        r="10"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeDasharray="2 4"
      />
      <path
        d="M9 9.6c.3-1.7 1.5-2.6 3.1-2.6 1.8 0 3.1 1.1 3.1 2.7 0 2.1-2.6 2.3-3 4.3M12.1 17v.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </>
  ),
}

export const BadgeShape = ({ mode }: { mode: Mode | 'lost' }): ReactNode => (
  <svg className="badge-shape" viewBox="0 0 24 24" aria-hidden="true">
    {shapes[mode]}
  </svg>
)
