/** What can be copied of a run: for a colleague, a terminal, an issue. */
import { useState } from 'preact/hooks'
import type { TraceSummary } from '../../../src/api/contract.ts'
import { fetchJson } from '../../app/resource.ts'
import { money, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'

const otlpOf = (traceId: string): string => `/api/traces/${traceId}/otlp`
const linkOf = (traceId: string): string => `${location.origin}/runs/${traceId}`

/** Text of a run must not become mark-up of an issue. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&')

/** A run in Markdown, as one would tell of it in an issue. */
export function markdownOf(trace: TraceSummary): string {
  const { title, status, error } = trace
  const figures = [duration(trace.duration), plural(trace.spans, 'span'), money(trace.cost)].join(', ')
  const said = { ok: 'succeeded', error: 'failed', open: 'has not ended' }[status]
  const lines = [`**${plain(title)}** ${said} (${figures}).`]
  if (error && status === 'error')
    lines.push(
      '',
      `Failed in \`${error.name.replaceAll('`', "'")}\`: ${plain(error.message ?? error.type ?? 'no reason given')}`,
    )
  if (trace.agents.length > 0)
    lines.push('', `Agents: ${trace.agents.map(plain).join(', ')}. Models: ${trace.models.map(plain).join(', ')}.`)
  lines.push('', `Trace \`${trace.traceId}\`, ${new Date(trace.startTime).toISOString()}`)
  return lines.join('\n')
}

const FORMS: Readonly<Record<string, (trace: TraceSummary) => string | Promise<string>>> = {
  'trace id': ({ traceId }) => traceId,
  link: ({ traceId }) => linkOf(traceId),
  'OTLP/JSON': async ({ traceId }) => JSON.stringify(await fetchJson(otlpOf(traceId)), null, 2),
  curl: ({ traceId }) => `curl ${location.origin}${otlpOf(traceId)}`,
  'agentel command': ({ traceId }) => `npx @agentel/cli trace ${traceId} --url ${location.origin}`,
  'Markdown for an issue': markdownOf,
}

/** One of the forms to the clipboard; says whether it worked. */
export function CopyMenu({ trace }: { trace: TraceSummary }) {
  const [said, setSaid] = useState('Copy…')
  const copy = async (form: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText((await FORMS[form]?.(trace)) ?? '')
      setSaid('Copied')
    } catch {
      setSaid('Not copied: the browser refused')
    }
    setTimeout(() => setSaid('Copy…'), 1500)
  }
  return (
    <>
      <select
        class="field copy-menu"
        aria-label="Copy this run as"
        value=""
        onChange={(event) => {
          void copy(event.currentTarget.value)
          event.currentTarget.value = ''
        }}
      >
        <option value="" disabled>
          {said}
        </option>
        {Object.keys(FORMS).map((form) => (
          <option value={form}>{form}</option>
        ))}
      </select>
      <span class="hidden" role="status">
        {said === 'Copy…' ? '' : said}
      </span>
    </>
  )
}
