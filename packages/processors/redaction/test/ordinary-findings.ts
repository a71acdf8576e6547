import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createRedactor } from '../src/index.ts'

const data = join(import.meta.dirname, '../../../../../shared/data')

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return filesIn(path)
    return name.endsWith('.json') ? [path] : []
  })
}

/** What stands in the place of every string of a recorded conversation. */
function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* strings(item)
}

/** Findings by rule in all strings of a folder, how many characters there were, and of how many files. */
export function findings(folder: string) {
  const redactor = createRedactor()
  const byRule: Record<string, number> = {}
  let characters = 0
  const files = filesIn(join(data, folder))
  for (const file of files) {
    for (const text of strings(JSON.parse(readFileSync(file, 'utf8')))) {
      characters += text.length
      const redacted = redactor.text(text, { count: 0, rules: new Set() })
      for (const [, rule] of redacted.matchAll(/\[REDACTED:(\w+)\]/g))
        byRule[rule ?? ''] = (byRule[rule ?? ''] ?? 0) + 1
    }
  }
  return { byRule, characters, files: files.length }
}

/** What a folder of recorded conversations holds, looked at one by one: `wrong` findings are not what their rule says. */
export const ORDINARY: Readonly<Record<string, { byRule: Record<string, number>; wrong: number; why: string }>> = {
  'who-and-when': {
    byRule: { phone: 12, email: 11, key: 1, ip: 12 },
    wrong: 12,
    why: "one phone number is a page's number in a URL, eleven IP addresses are versions of packages (9.1.0.70)",
  },
  'tau-bench': { byRule: { email: 74 }, wrong: 0, why: 'ids, prices, flight times; all findings are e-mail addresses' },
}
