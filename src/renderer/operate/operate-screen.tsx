/** The live screen: cameras, instruments, questions and keys; first run where no rig is connected. */
import type { ReactNode } from 'react'
import { useApp } from '../app/app-context.tsx'
import { useScopedCommands } from '../keys/command-registry.ts'
import { KeyBar } from '../keys/key-bar.tsx'
import { useOperateCommands } from './use-operate-commands.ts'

export function OperateScreen(): ReactNode {
  const app = useApp()
  useScopedCommands(app.registry, 'operate', useOperateCommands())
  return (
    <>
      <div className="spring" />
      <KeyBar />
    </>
  )
}
