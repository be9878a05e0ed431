/** Precision, statistics, foresight and noise of one policy on this machine: in force at once. */
import { useState, type ReactNode } from 'react'
import { precisions, type PolicyEntry, type PolicySettings } from '#contract/services/policy.ts'
import { useMessages } from '../i18n/language.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { ProviderChoice } from './provider-choice.tsx'
import { setupMessages } from './setup-messages.ts'
import { PickField, TextField } from './text-field.tsx'

export interface SetupSectionProps {
  readonly entry: PolicyEntry
  readonly settings: PolicySettings
  /** Statistics the checkpoint has; empty where it names none. */
  readonly robots: readonly string[]
  readonly isSaving: boolean
  readonly onChange: (settings: PolicySettings) => void
}

export function SetupSection({ entry, settings, robots, isSaving, onChange }: SetupSectionProps): ReactNode {
  const t = useMessages(setupMessages)
  if (entry.kind === 'openpi') return null
  const hasNoise = entry.kind === 'internvla-a1'
  return (
    <section className="section setup" data-testid="policy-setup">
      <div className="section-head">
        <h2 className="subtitle">{t.setup}</h2>
        <span className="size-s t3">{isSaving ? t.saving : ''}</span>
      </div>
      <ProviderChoice settings={settings} onChange={onChange} />
      {hasNoise && (
        <PickField
          label={t.precision}
          value={settings.precision}
          options={[{ value: 'auto', text: t.auto }, ...precisions.map((id) => ({ value: id, text: id }))]}
          testId="setup-precision"
          onChange={(value) => {
            const precision = precisions.find((name) => name === value) ?? 'auto'
            onChange({ ...settings, precision })
          }}
        />
      )}
      {robots.length > 1 && (
        <PickField
          label={t.robot}
          value={settings.robot ?? ''}
          options={[{ value: '', text: t.robotAsSaid }, ...robots.map((id) => ({ value: id, text: id }))]}
          testId="setup-robot"
          onChange={(value) => onChange({ ...settings, robot: value === '' ? null : value })}
        />
      )}
      {hasNoise && (
        <>
          <div className="setup-line">
            <span>
              {t.foresight}
              <span className="policy-fix">{t.foresightHint}</span>
            </span>
            <Toggle
              label={t.foresight}
              isOn={settings.hasForesight}
              onChange={(hasForesight) => onChange({ ...settings, hasForesight })}
              testId="setup-foresight"
            />
          </div>
          {settings.hasForesight && (
            <NumberField
              key={`threshold ${settings.surpriseThreshold}`}
              label={t.threshold}
              hint={t.thresholdHint}
              wrong={t.thresholdWrong}
              value={settings.surpriseThreshold}
              read={thresholdOf}
              testId="setup-threshold"
              onChange={(surpriseThreshold) => onChange({ ...settings, surpriseThreshold })}
            />
          )}
          <NumberField
            key={`seed ${settings.seed}`}
            label={t.noise}
            hint={t.noiseHint}
            wrong={t.noiseWrong}
            value={settings.seed}
            read={seedOf}
            testId="setup-seed"
            onChange={(seed) => onChange({ ...settings, seed })}
          />
        </>
      )}
    </section>
  )
}

const highestSeed = 2 ** 32 - 1

/** Null for an empty field; undefined for what is no seed. */
export function seedOf(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const value = Number(text)
  return Number.isInteger(value) && value >= 0 && value <= highestSeed ? value : undefined
}

/** Null for an empty field; undefined for what is no threshold. */
export function thresholdOf(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

interface NumberFieldProps {
  readonly label: string
  readonly hint: string
  readonly wrong: string
  readonly value: number | null
  readonly read: (text: string) => number | null | undefined
  readonly testId: string
  readonly onChange: (value: number | null) => void
}

/** In force when the field is left, and only if it holds a number of its kind. Rendered with its value as key. */
function NumberField({ label, hint, wrong, value, read, testId, onChange }: NumberFieldProps): ReactNode {
  const [text, setText] = useState(value === null ? '' : String(value))
  const typed = read(text)
  return (
    <div
      onBlur={() => {
        if (typed !== undefined && typed !== value) onChange(typed)
      }}
    >
      <TextField
        label={label}
        hint={hint}
        value={text}
        problem={typed === undefined ? wrong : undefined}
        testId={testId}
        onChange={setText}
      />
    </div>
  )
}
