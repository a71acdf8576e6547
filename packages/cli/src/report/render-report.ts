import { oneLine } from '../frame/text-table.ts'
import { documentOf, type Part } from './report-document.ts'
import type { Report } from './read-report.ts'

/** Text of telemetry must not become mark-up. */
const inMarkdown = (text: string): string => oneLine(text, 200).replace(/[\\`*_{}[\]<>|#]/g, '\\$&')

const inHtml = (text: string): string => oneLine(text, 200).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

function markdownOf(part: Part): string {
  if (part.kind === 'heading') return `${'#'.repeat(part.level)} ${inMarkdown(part.text)}`
  if (part.kind === 'text') return inMarkdown(part.text)
  const line = (cells: readonly string[]): string => `| ${cells.map(inMarkdown).join(' | ')} |`
  const rule = `|${part.columns.map((_, i) => (i === 0 ? '---|' : '---:|')).join('')}`
  return [line(part.columns), rule, ...part.rows.map(line)].join('\n')
}

function htmlOf(part: Part): string {
  if (part.kind === 'heading') return `<h${part.level}>${inHtml(part.text)}</h${part.level}>`
  if (part.kind === 'text') return `<p>${inHtml(part.text)}</p>`
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${inHtml(cell)}</${tag}>`).join('')}</tr>`
  return `<table><thead>${row('th', part.columns)}</thead><tbody>${part.rows.map((cells) => row('td', cells)).join('\n')}</tbody></table>`
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{padding:.3rem .6rem;border-bottom:1px solid #8884;text-align:right;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}th{font-weight:600}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}`

/** The report as one document. */
export function renderReport(report: Report, format: 'markdown' | 'html'): string {
  const parts = documentOf(report)
  if (format === 'markdown') return `${parts.map(markdownOf).join('\n\n')}\n`
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>agentel report</title><style>${STYLE}</style>`
  return `<!doctype html>\n<html lang="en"><head>${head}</head><body>\n${parts.map(htmlOf).join('\n')}\n</body></html>\n`
}
