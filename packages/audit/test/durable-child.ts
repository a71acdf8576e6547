/** Appends durable events and kills itself right after the last. Arguments: file, how many. */
import { openAuditLog } from '../src/index.ts'

const [file, count] = process.argv.slice(2)
const audit = openAuditLog({ file: file!, durableFrom: 17 })
for (let n = 1; n <= Number(count); n++) {
  audit.append({ event: 'e', severity: 9, attributes: { n } })
  audit.append({ event: 'e', severity: 17, attributes: { n } })
}
process.kill(process.pid, 'SIGKILL')
