import { costEnricher, readBudgetFile } from '@agentel/processor-cost'
import { readConfig } from './config-reader.ts'
import type { AgentelConfig } from './generated/config-fields.ts'
import { requireSibling } from './require-sibling.ts'

/** A file that the section names, which a start would read and could not. */
export interface NamedFileFault {
  /** `cost.prices`, … */
  readonly option: string
  readonly message: string
}

interface NamedFile {
  readonly option: string
  readonly path: (config: AgentelConfig) => string | undefined
  /** @throws when the file cannot be used */
  readonly read: (path: string, config: AgentelConfig) => void
}

const FILES: readonly NamedFile[] = [
  { option: 'cost.prices', path: ({ cost }) => cost.prices, read: (prices) => void costEnricher({ prices }) },
  { option: 'budgets.file', path: ({ budgets }) => budgets.file, read: readBudgetFile },
  {
    option: 'alerts.rules',
    path: ({ alerts }) => alerts.rules,
    read: (_, config) => requireSibling<typeof import('./process-alerts.ts')>('process-alerts').rulesOf(config),
  },
]

/** Reads the files that our section names, as a start in the profile in force would; keeps and starts nothing. */
export function faultsOfNamedFiles(section: unknown): NamedFileFault[] {
  const config = readConfig({ options: {}, env: {}, file: section })
  return FILES.flatMap(({ option, path, read }) => {
    const file = path(config)
    if (file === undefined) return []
    try {
      read(file, config)
      return []
    } catch (error) {
      return [{ option, message: error instanceof Error ? error.message : String(error) }]
    }
  })
}
