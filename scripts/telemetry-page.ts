/** Renders docs/telemetry.md: every name, from the registry. */
import {
  attributeDefinitions,
  eventDefinitions,
  metricDefinitions,
  spanDefinitions,
} from '../packages/semconv/src/registry.ts'
import type { AttributeDefinition, AttributeUse, MetricDefinition } from '../packages/semconv/src/registry.ts'

const levels: Record<AttributeUse['level'], string> = {
  required: ' (required)',
  conditionally_required: '',
  recommended: '',
  opt_in: ' (opt-in)',
}

/** The page. Names that are deprecated, which are read and emitted in the profile v1_41 only, are left out. */
export function renderTelemetryPage(): string {
  const current = <Item extends { deprecated?: unknown }>(items: readonly Item[]): Item[] =>
    items.filter((item) => item.deprecated === undefined)
  return `<!-- Generated from packages/semconv/model by \`pnpm generate\`. Do not edit. -->

# Names

Every span, metric and event that the registry defines, with unit and buckets. What of it is emitted today, and which test shows it, is in [coverage.md](coverage.md). \`gen_ai.*\` and \`mcp.*\` are OpenTelemetry's names in their latest generation, \`agentel.*\` are ours, for what OpenTelemetry does not define. The profile \`v1_41\` emits the older names instead where they differ. Content is recorded only when capture is on.

## Spans
A place in a name whose attribute is missing is left out.

${table(
  ['type', 'name', 'kind', 'what'],
  spanDefinitions.map((span) => [code(span.type), code(span.namePattern), span.kinds.join(', '), span.brief]),
)}

## Metrics
${table(
  ['metric', 'instrument', 'unit', 'what', 'attributes'],
  current(metricDefinitions).map((metric) => [
    code(metric.name),
    `${metric.instrument} (${metric.valueType})${buckets(metric)}`,
    code(metric.unit),
    metric.brief,
    uses(metric.attributes),
  ]),
)}

## Events
Log records whose event name is the name below. An event without a severity leaves it unset.

${table(
  ['event', 'severity', 'what', 'attributes'],
  current(eventDefinitions).map((event) => [
    code(event.name),
    event.severity ?? '',
    event.brief,
    uses(event.attributes),
  ]),
)}

## Attributes
${table(
  ['attribute', 'type', 'what'],
  current(attributeDefinitions).map((attribute) => [code(nameOf(attribute)), typeOf(attribute), attribute.brief]),
)}
`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}

function buckets(metric: MetricDefinition): string {
  return metric.buckets === undefined ? '' : `, buckets ${metric.buckets.join(' ')}`
}

function uses(attributes: readonly AttributeUse[]): string {
  return attributes.map(({ key, level }) => `${code(key)}${levels[level]}`).join(', ')
}

function nameOf({ key, template }: AttributeDefinition): string {
  return template === true ? `${key}.<key>` : key
}

function typeOf({ type, values }: AttributeDefinition): string {
  return values === undefined ? type : `${type}: ${values.map((value) => code(String(value))).join(', ')}`
}
