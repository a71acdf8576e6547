import type { AttributeMap } from '../../src/api/contract.ts'
import { JsonText, LongText, printed } from './long-text.tsx'

/** A table of names and values; long values are cut. */
export function Attributes({ map }: { map: AttributeMap }) {
  const entries = Object.entries(map)
  if (entries.length === 0) return <p class="faint">none</p>
  return (
    <dl class="attributes">
      {entries.map(([name, value]) => [
        <dt class="mono">{name}</dt>,
        <dd>
          {value !== null && typeof value === 'object' ? (
            <JsonText value={value} />
          ) : (
            <LongText mono text={printed(value)} />
          )}
        </dd>,
      ])}
    </dl>
  )
}
