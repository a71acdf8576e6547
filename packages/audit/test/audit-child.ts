/**
 * Appends events until it is killed, and says after each acknowledgement how many it was promised: after a flush, or, as
 * `durable`, after the append of a durable event. Arguments: file, name, `durable`.
 */
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { openAuditLog } from '../src/index.ts'

const [file, name, mode] = process.argv.slice(2)
const durable = mode === 'durable'
const audit = openAuditLog({ file: file!, ...(durable ? { durableFrom: 17 } : {}) })
for (let n = 1; ; n++) {
  const acknowledged = n % 7 === 0
  const severity = durable && acknowledged ? 17 : 9
  audit.append({ event: 'e', agent: name, severity, attributes: { n, padding: 'x'.repeat(n % 500) } })
  if (!acknowledged) continue
  try {
    if (durable) await setImmediate(writeSync(1, `${n}\n`))
    else {
      await audit.flush()
      process.stdout.write(`${n}\n`)
    }
  } catch (error) {
    process.stdout.write(`stopped ${JSON.stringify({ ...audit.counts(), reason: String(error) })}\n`)
    break
  }
}
