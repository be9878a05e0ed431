/** Drawings that lucide has not: our own nouns. Same grid and stroke as lucide's. */
import type { ReactNode, SVGProps } from 'react'

type IconProps = SVGProps<SVGSVGElement>

const Icon = ({ children, ...props }: IconProps): ReactNode => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.75"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    {...props}
  >
    {children}
  </svg>
)

export const ArmIcon = (props: IconProps): ReactNode => (
  <Icon {...props}>
    <path d="M4 20h9M6 20v-4l2-1M8 15l3-8 6 3" />
    <circle cx="11" cy="6.5" r="1.6" />
    <circle cx="8" cy="15" r="1.6" />
    <path d="m17 10 3-1.5M17 10l2 2.5" />
  </Icon>
)

export const ReviewIcon = (props: IconProps): ReactNode => (
  <Icon {...props}>
    <rect x="3" y="5" width="18" height="11" rx="2" />
    <path d="m10.5 8.2 4 2.3-4 2.3zM3 20h18M8 18.6v2.8" />
  </Icon>
)

export const PoliciesIcon = (props: IconProps): ReactNode => (
  <Icon {...props}>
    <path d="m12 3 8 4.5v9L12 21l-8-4.5v-9z" />
    <path d="m4.5 7.8 7.5 4.2 7.5-4.2M12 12v8.6" />
  </Icon>
)

export const RigIcon = (props: IconProps): ReactNode => (
  <Icon {...props}>
    <circle cx="6" cy="7" r="2.2" />
    <circle cx="18" cy="7" r="2.2" />
    <circle cx="12" cy="18" r="2.2" />
    <path d="M8.2 7h7.6M7.2 9l3.6 7M16.8 9l-3.6 7" />
  </Icon>
)

export const SettingsIcon = (props: IconProps): ReactNode => (
  <Icon {...props}>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
)
