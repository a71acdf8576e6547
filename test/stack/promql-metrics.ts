/** Which metrics a query is made of. */

const PROMQL_WORDS = new Set(['unless', 'or', 'and', 'offset', 'on'])

/** Their names, without the empty ones that functions and labels leave. */
export function metricsIn(query: string): string[] {
  const plain = query.replaceAll(/"[^"]*"/g, '""')
  const selectors = [...plain.matchAll(/\b([a-zA-Z_:][\w:]*)\s*(?=[{[])/g)].map(([, name]) => name!)
  const bare = [...plain.matchAll(/\b((?:gen_ai|agentel|otelcol|process|traces)_\w+)\b(?!\s*=)(?=[)\s/*,]|$)/g)].map(
    ([, name]) => name!,
  )
  const labels = new Set([...plain.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/)))
  return [...new Set([...selectors, ...bare])].filter((name) => !labels.has(name) && !PROMQL_WORDS.has(name))
}

/** The query with another name for a metric, which may be a pattern of several. */
export function renamed(query: string, metric: string): string {
  return query.replaceAll(new RegExp(`(?<![\\w:])${metric}(?![\\w:])`, 'g'), '$&_renamed')
}
