/** What a policy expects, where there is no rig to compare it with. */
import type { ReactNode } from 'react'
import type { PolicyContractMessage } from '#contract/services/policy.ts'
import { fixed } from '../i18n/figures.ts'
import { useMessages } from '../i18n/language.tsx'
import { unitsText } from './check-text.ts'
import { policiesMessages } from './messages.ts'

const names = (list: PolicyContractMessage['state']): string =>
  list.map(({ name }) => name.replace('.pos', '')).join(', ')

export function ContractPanel({ contract }: { contract: PolicyContractMessage }): ReactNode {
  const t = useMessages(policiesMessages)
  const cameras = contract.cameras.map(({ name, width, height }) => `${name} ${width}×${height}`).join(', ')
  const extras = contract.extras.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  const rows = [
    [t.robotType, contract.robotType ?? t.anyRobot],
    [t.cameras, cameras === '' ? t.noCameras : cameras],
    [t.stateOrder, names(contract.state)],
    [t.stateUnits, unitsText(contract.state, t)],
    [t.actionOrder, names(contract.action)],
    [t.actionUnits, unitsText(contract.action, t)],
    ...(extras === '' ? [] : [[t.inputs, extras]]),
    [t.fps, t.stepsPerSecond(contract.fps)],
    [t.chunk, t.chunkIs(contract.chunkLength, fixed(contract.chunkLength / contract.fps, 2))],
  ]
  return (
    <table className="grid-table policy-check" data-testid="policy-contract">
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="t2">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
