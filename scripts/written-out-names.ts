/** Finds names of the registry that source code writes out instead of taking the constant. */
import { lineAt, parseSource, walkSyntax } from './syntax.ts'

/** One sentence for every string literal in `source` that is one of `names`. */
export function writtenOutNames(file: string, source: string, names: ReadonlySet<string>): string[] {
  const findings: string[] = []
  walkSyntax(parseSource(file, source), (node) => {
    if (node.type !== 'Literal' || typeof node['value'] !== 'string' || !names.has(node['value'])) return
    const place = `${file}:${lineAt(source, node.start)}`
    findings.push(`${place}: '${node['value']}' is written out; take the constant from @agentel/semconv`)
  })
  return findings
}
