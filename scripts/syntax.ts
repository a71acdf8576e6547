/** Parses a TypeScript file and walks its tree. */
import { parseSync } from 'oxc-parser'

/** A node of the tree; every other field is reached by name. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

/** The tree of `source`. Throws with the file's name when it does not parse. */
export function parseSource(file: string, source: string): SyntaxNode {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]!.message}`)
  return program as unknown as SyntaxNode
}

/** The nodes directly under `node`. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode))
}

/** Calls `visit` for `node` and everything under it. */
export function walkSyntax(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node)
  for (const child of childrenOf(node)) walkSyntax(child, visit)
}

/** The line, from 1, of a position in `source`. */
export function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
}
