import { stripVTControlCharacters } from 'node:util'
import type { Output } from './output.ts'

/** A column: its heading, and on which side its texts are flush. The last column is never padded. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const width = (text: string): number => [...stripVTControlCharacters(text)].length

/**
 * Text from telemetry on one line of a terminal: control characters, which could move the cursor or worse, are taken away.
 * @param most characters; longer text ends in an ellipsis
 */
export function oneLine(text: string, most = 80): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not get through
  const plain = stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const letters = [...plain]
  return letters.length <= most ? plain : `${letters.slice(0, most - 1).join('')}…`
}

/** Prints rows under their headings, columns wide enough for their longest text. */
export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[], output: Output): void {
  const titles = columns.map(({ title }) => output.paint('dim', title))
  const widths = columns.map((_, i) => Math.max(...[titles, ...rows].map((row) => width(row[i] ?? ''))))
  for (const row of [titles, ...rows]) {
    const cells = columns.map(({ align }, i) => {
      const text = row[i] ?? ''
      const gap = ' '.repeat(Math.max(0, widths[i]! - width(text)))
      if (align === 'right') return gap + text
      return i === columns.length - 1 ? text : text + gap
    })
    output.line(cells.join('  ').trimEnd())
  }
}
