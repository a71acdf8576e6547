/** Appends events until it is killed, and says after each flush how many it was promised. Arguments: file, name. */
import { openAuditLog } from '../src/index.ts'

const [file, name] = process.argv.slice(2)
const audit = openAuditLog({ file: file! })
for (let n = 1; ; n++) {
  audit.append({ event: 'e', agent: name, attributes: { n, padding: 'x'.repeat(n % 500) } })
  if (n % 7 !== 0) continue
  try {
    await audit.flush()
    process.stdout.write(`${n}\n`)
  } catch (error) {
    process.stdout.write(`stopped ${JSON.stringify({ ...audit.counts(), reason: String(error) })}\n`)
    break
  }
}
