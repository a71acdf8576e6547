import type { CallFigures } from './figures.ts'

/** One line of a comparison: what one side says beside what the other says. */
export interface ComparisonRow {
  name: string
  shown: CallFigures
  expected: CallFigures
}

const COLUMNS = ['calls', 'inputTokens', 'outputTokens', 'cost', 'errors'] as const
const HEADINGS = ['model calls', 'input tokens', 'output tokens', 'cost (USD)', 'failed calls']

/** A table with "shown = expected" in every cell, or "shown ≠ expected", and whether all cells agree. */
export function comparisonTable(rows: readonly ComparisonRow[], title: string): { text: string; agrees: boolean } {
  let agrees = true
  const cells = rows.map(({ name, shown, expected }) => [
    name,
    ...COLUMNS.map((column) => {
      const equal = sameFigure(shown[column], expected[column])
      agrees &&= equal
      return `${formatFigure(column, shown[column])} ${equal ? '=' : '≠'} ${formatFigure(column, expected[column])}`
    }),
  ])
  return { text: tableText([[title, ...HEADINGS], ...cells]), agrees }
}

// Costs are sums of fractions in another order: they may differ in the last digits.
function sameFigure(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left))
}

function formatFigure(column: (typeof COLUMNS)[number], value: number): string {
  return column === 'cost' ? value.toFixed(6) : value.toLocaleString('en')
}

/** Lines with columns of equal width, the first aligned left, the others right. */
export function tableText(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('   '),
    )
    .join('\n')
}
