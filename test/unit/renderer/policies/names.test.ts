import { describe, expect, it } from 'vitest'
import { providerTitle } from '#renderer/i18n/provider-name.ts'
import { folderName, shownName } from '#renderer/policies/folder-name.ts'
import { sharedNames } from '#renderer/policies/policy-list.tsx'
import { demoEntry } from './entries.ts'

describe('names in the list of policies', () => {
  it('call one that does not open as its folder', () => {
    expect(shownName({ id: 'own/hold', name: 'own/hold', path: '/data/policies/hold' })).toBe('hold')
    expect(shownName({ id: 'own/hold', name: 'Hold still', path: '/data/policies/hold' })).toBe('Hold still')
    expect(folderName({ path: 'C:\\policies\\hold' })).toBe('hold')
  })

  it('find those that are called alike', () => {
    const list = [demoEntry, { ...demoEntry, id: 'own/a' }, { ...demoEntry, id: 'own/b', name: 'Other' }]
    expect([...sharedNames(list)]).toEqual([demoEntry.id, 'own/a'])
  })
})

describe('names of processors', () => {
  it('are written as their makers do, and a server stays as it is told', () => {
    expect(['cpu', 'dml', 'lab-gpu:8000'].map(providerTitle)).toEqual(['CPU', 'DirectML', 'lab-gpu:8000'])
  })
})
