/** Finds the tests of a vitest file by parsing it: their titles, and whether they are skipped. */
import { childrenOf, parseSource } from './syntax.ts'
import type { SyntaxNode } from './syntax.ts'

/** A test as it stands in the source. */
export interface FoundTest {
  title: string
  /** True for skip, todo and the like, on the test itself or on a suite around it. */
  skipped: boolean
}

const offWords = new Set(['skip', 'todo', 'skipIf', 'runIf', 'fails'])

/** The tests in `source`, in order. A title of `it.each` is given as written, with its places. */
export function findTests(file: string, source: string): FoundTest[] {
  const tests: FoundTest[] = []
  collect(parseSource(file, source), false, tests)
  return tests
}

function collect(node: SyntaxNode, suiteSkipped: boolean, tests: FoundTest[]): void {
  const words = node.type === 'CallExpression' ? calledWords(node['callee'] as SyntaxNode) : []
  const skipped = suiteSkipped || words.some((word) => offWords.has(word))
  const title = words.length > 0 ? text((node['arguments'] as SyntaxNode[])[0]) : undefined
  if (title !== undefined && (words[0] === 'it' || words[0] === 'test')) tests.push({ title, skipped })
  for (const child of childrenOf(node)) collect(child, words[0] === 'describe' ? skipped : suiteSkipped, tests)
}

/** `it.skip.each([...])` to `['it', 'skip', 'each']`. */
function calledWords(callee: SyntaxNode): string[] {
  if (callee.type === 'Identifier') return [String(callee['name'])]
  if (callee.type === 'MemberExpression') {
    const property = callee['property'] as SyntaxNode
    return [...calledWords(callee['object'] as SyntaxNode), String(property['name'])]
  }
  if (callee.type === 'CallExpression') return calledWords(callee['callee'] as SyntaxNode)
  if (callee.type === 'TaggedTemplateExpression') return calledWords(callee['tag'] as SyntaxNode)
  return []
}

function text(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node?.type !== 'TemplateLiteral' || (node['expressions'] as SyntaxNode[]).length > 0) return undefined
  return ((node['quasis'] as SyntaxNode[])[0]!['value'] as { cooked: string }).cooked
}
