/** Everything about the selected span. */
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '@agentel/semconv'
import type { ComponentChildren } from 'preact'
import type { AttributeValue, SpanDetail } from '../../../src/api/contract.ts'
import { useResource } from '../../app/resource.ts'
import { exact, exactMoney, money, plural, UNKNOWN } from '../../format/quantity.ts'
import { duration, moment, offset } from '../../format/time.ts'
import { Attributes } from '../../parts/attributes.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { JsonText, LongText } from '../../parts/long-text.tsx'
import { MessageBlock, Parts } from '../../parts/messages.tsx'
import { AgentName, TypeBadge } from '../../parts/span-type.tsx'
import { LogLines } from './log-lines.tsx'
import { visit, type RunState } from './state.ts'

function Section({
  title,
  children,
  open = true,
  extra,
}: {
  title: string
  children: ComponentChildren
  open?: boolean
  extra?: ComponentChildren
}) {
  return (
    <details class="section" open={open}>
      <summary>
        <span>{title}</span>
        {extra}
      </summary>
      <div class="section-body">{children}</div>
    </details>
  )
}

const text = (value: AttributeValue | undefined): string | null => (typeof value === 'string' && value ? value : null)

/** Characters of a stack in place: the first frames are the ones that tell. */
const STACK = 360

/** The failure: type, message and stack, from the exception event when there is one. */
function Failure({ span }: { span: SpanDetail }) {
  if (span.status.code !== 'error') return null
  const event = span.events.find(({ name }) => name === 'exception')?.attributes ?? {}
  const log = span.logs.find(({ attributes }) => ATTR_EXCEPTION_TYPE in attributes)?.attributes ?? {}
  const read = (name: string) => text(event[name]) ?? text(log[name])
  const stack = read(ATTR_EXCEPTION_STACKTRACE)
  return (
    <div class="failure">
      <p>
        <b>{read(ATTR_EXCEPTION_TYPE) ?? span.errorType ?? 'Error'}</b>{' '}
        {span.status.message ?? read(ATTR_EXCEPTION_MESSAGE)}
      </p>
      {stack && <LongText mono most={STACK} text={stack} />}
    </div>
  )
}

const MONEY_SOURCES: Record<string, string> = {
  local: 'priced by this console',
  provider: 'as the provider said',
  collector: 'priced by the collector',
}

function Facts({ span, state }: { span: SpanDetail; state: RunState }) {
  const { usage, cost } = span
  const facts: [string, ComponentChildren][] = [
    [
      'Began',
      <span title={moment(span.startTime)}>{offset(span.startTime - state.run.skeleton.trace.startTime)}</span>,
    ],
    ['Took', <span title={`${exact(span.duration)} ms`}>{duration(span.duration)}</span>],
  ]
  if (span.agent) facts.push(['Agent', <AgentName name={span.agent} />])
  if (span.model) facts.push(['Model', span.provider ? `${span.model} (${span.provider})` : span.model])
  if (span.tool) facts.push(['Tool', span.tool])
  if (usage.inputTokens !== null || usage.outputTokens !== null) {
    const parts = [`${exact(usage.inputTokens)} in`, `${exact(usage.outputTokens)} out`]
    if (usage.cacheReadTokens) parts.push(`${exact(usage.cacheReadTokens)} cached`)
    if (usage.cacheWriteTokens) parts.push(`${exact(usage.cacheWriteTokens)} cache write`)
    if (usage.reasoningTokens) parts.push(`${exact(usage.reasoningTokens)} reasoning`)
    facts.push(['Tokens', parts.join(' · ')])
  }
  if (cost.amount !== null || cost.unpriced !== null) {
    const why = cost.unpriced ? `no price: ${cost.unpriced}` : (MONEY_SOURCES[cost.source ?? ''] ?? cost.source ?? '')
    facts.push([
      'Cost',
      <span title={`${exactMoney(cost.amount)}${cost.pricingVersion ? `\nprices ${cost.pricingVersion}` : ''}`}>
        {cost.amount === null ? UNKNOWN : money(cost.amount)} <span class="faint">{why}</span>
      </span>,
    ])
  }
  facts.push(['Kind', span.kind], ['Scope', `${span.scope.name} ${span.scope.version ?? ''}`])
  if (span.dialect) facts.push(['Written in', span.dialect])
  return <dl class="facts">{facts.map(([name, value]) => [<dt>{name}</dt>, <dd class="num">{value}</dd>])}</dl>
}

function Content({ span }: { span: SpanDetail }) {
  const { system, input, output, tools, toolArguments, toolResult } = span.content
  const empty = !system && !input && !output && !tools && toolArguments === null && toolResult === null
  if (empty) {
    if (!['model', 'tool', 'retrieval'].includes(span.type)) return null
    return (
      <p class="note faint">
        No content was captured. It is off by default;{' '}
        <code>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=span_only</code> turns it on in the application.
      </p>
    )
  }
  return (
    <>
      {toolArguments !== null && (
        <Section title="Arguments">
          <JsonText value={toolArguments} />
        </Section>
      )}
      {toolResult !== null && (
        <Section title="Result">
          <JsonText value={toolResult} />
        </Section>
      )}
      {output && (
        <Section title="Output">
          {output.map((message) => (
            <MessageBlock message={message} />
          ))}
        </Section>
      )}
      {input && (
        <Section title="Input" extra={<span class="faint">{plural(input.length, 'message')}</span>}>
          {input.length > SHOWN && <p class="faint">{plural(input.length - SHOWN, 'earlier message')}: see Raw</p>}
          {input.slice(-SHOWN).map((message) => (
            <MessageBlock message={message} />
          ))}
        </Section>
      )}
      {system && (
        <Section title="System instructions" open={false}>
          <Parts parts={system} />
        </Section>
      )}
      {tools && (
        <Section title="Tools offered" open={false} extra={<span class="faint">{tools.length}</span>}>
          {tools.map((tool) => (
            <Section title={tool.name} open={false}>
              <p class="soft">{tool.description}</p>
              <JsonText value={tool.parameters} />
            </Section>
          ))}
        </Section>
      )}
    </>
  )
}

const SHOWN = 20

/** Of the calls whose results a tool's call waited for, so many are named. */
const MOST_NAMED = 8

/** The calls of tools whose results the model had newly seen when it asked for this one. */
function AskedAfter({ row, state }: { row: number; state: RunState }) {
  const on = state.run.askedAfter(row)
  if (on.length === 0) return null
  return (
    <p class="chips asked-after">
      Asked for after the results of{' '}
      {on.slice(0, MOST_NAMED).map((other) => (
        <button type="button" class="button quiet" onClick={() => visit(state, other)}>
          {state.run.row(other).tool ?? state.run.row(other).name}
        </button>
      ))}
      {on.length > MOST_NAMED && <span class="faint">and {plural(on.length - MOST_NAMED, 'other')}</span>}
    </p>
  )
}

function Elsewhere({ span, state }: { span: SpanDetail; state: RunState }) {
  const dropped = Object.entries(span.dropped).filter(([, n]) => n > 0)
  return (
    <>
      {span.logs.length > 0 && (
        <Section title="Logs" extra={<span class="faint">{span.logs.length}</span>}>
          <LogLines logs={span.logs} start={state.run.skeleton.trace.startTime} onSpan={null} />
        </Section>
      )}
      {span.events.length > 0 && (
        <Section title="Events" extra={<span class="faint">{span.events.length}</span>} open={false}>
          {span.events.map((event) => (
            <div class="event">
              <p>
                <b>{event.name}</b>{' '}
                <span class="faint num">{offset(event.time - state.run.skeleton.trace.startTime)}</span>
              </p>
              <Attributes map={event.attributes} />
            </div>
          ))}
        </Section>
      )}
      {span.links.length > 0 && (
        <Section title="Links" extra={<span class="faint">{span.links.length}</span>}>
          {span.links.map((link) => (
            <p class="mono">
              <a href={`/runs/${link.traceId}?span=${link.spanId}`}>
                {link.traceId === span.traceId ? `span ${link.spanId}` : `run ${link.traceId}`}
              </a>
            </p>
          ))}
        </Section>
      )}
      <Section
        title="Attributes"
        extra={<span class="faint">{Object.keys(span.attributes).length}</span>}
        open={span.type === 'other' || span.type === 'decision' || span.type === 'handoff'}
      >
        <Attributes map={span.attributes} />
      </Section>
      <Section title="Resource" open={false}>
        <Attributes map={span.resource} />
      </Section>
      {dropped.length > 0 && (
        <p class="warn-text">Dropped by the sender: {dropped.map(([what, n]) => `${n} ${what}`).join(', ')}</p>
      )}
    </>
  )
}

/** Fetches and shows the selected span. */
export function SpanPanel({ state }: { state: RunState }) {
  const row = state.selected.value
  const { trace, spans } = state.run.skeleton
  const id = spans.id[row]
  const { data: span, error } = useResource<SpanDetail>(id ? `/api/traces/${trace.traceId}/spans/${id}` : null)
  const parent = spans.parent[row] ?? -1
  return (
    <aside class="span-panel" aria-label="Selected span" tabIndex={0}>
      {error && <p class="notice bad">{error}</p>}
      {span && (
        <>
          <header>
            <TypeBadge type={span.type} />
            <h3 class="clip" title={span.name}>
              {span.name}
            </h3>
            {parent >= 0 && (
              <button
                type="button"
                class="button quiet"
                title="Go to what called this"
                onClick={() => visit(state, parent)}
              >
                ↑ parent
              </button>
            )}
            <CopyButton class="quiet" label="Copy" text={() => JSON.stringify(span, null, 2)} />
          </header>
          <Failure span={span} />
          <Facts span={span} state={state} />
          <AskedAfter row={row} state={state} />
          {span.redaction && (
            <p class="chips">
              <span class="chip warn">{plural(span.redaction.count, 'redaction')}</span>
              {span.redaction.rules.map((rule) => (
                <span class="chip">{rule}</span>
              ))}
            </p>
          )}
          <Content span={span} />
          <Elsewhere span={span} state={state} />
        </>
      )}
    </aside>
  )
}
