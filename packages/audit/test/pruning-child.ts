/** Takes all but ten rows away. Argument: the file. */
import { openAuditLog } from '../src/index.ts'

const log = openAuditLog({ file: process.argv[2]! })
await log.prune({ keep: 10 })
await log.close()
