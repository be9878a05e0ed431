/** The serial ports of this computer with what identifies them. The serial number survives replugging, the path may not. */
import type { ReactNode } from 'react'
import type { PortInfo } from '#contract/services/rig.ts'

const usbId = ({ vendorId, productId }: PortInfo): string =>
  vendorId === undefined || productId === undefined ? '' : `${vendorId}:${productId}`

export const portText = (port: PortInfo): string =>
  [port.serialNumber, port.path.split('/').at(-1), port.manufacturer]
    .filter((part) => part !== undefined)
    .join(' · ')

export const PortTable = ({ ports }: { ports: readonly PortInfo[] }): ReactNode => (
  <table className="grid-table">
    <tbody>
      {ports.map((port) => (
        <tr key={port.path}>
          <td className="mono selectable">{port.path}</td>
          <td className="mono">{port.serialNumber}</td>
          <td className="t2">{port.manufacturer}</td>
          <td className="mono t3">{usbId(port)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
