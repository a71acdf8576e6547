/** What the shape of the repository must be, as functions that return findings, one sentence each. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { childrenOf, lineAt, parseSource, walkSyntax } from './syntax.ts'
import type { SyntaxNode } from './syntax.ts'
import { findTests } from './test-titles.ts'

const longestFile = 300
const longestFunction = 50
const longestPatchTable = 120
const emptyNames = ['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'shared']
const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']
const instrumentationHeadings = ['Supported versions', 'Use', 'What is recorded', 'Options', 'Limits']

/** Source files that people write: no output, no generated code. */
export function sourceFiles(root: string): string[] {
  const patterns = [
    'packages/*/{src,test,ui,scripts}',
    'packages/*/*/{src,test}',
    'scripts',
    'bench',
    'examples',
    'test',
  ]
  return globSync(
    patterns.map((pattern) => `${pattern}/**/*.{ts,tsx}`),
    { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist|generated|\.cache|fixtures)(\/|$)/.test(String(path)) },
  ).toSorted()
}

/** The name and the length of a file, and the length of its functions. Tests may have long suites, not long files. */
export function checkFile(file: string, source: string): string[] {
  const findings: string[] = []
  const stem = basename(file).replace(/(\.test|\.d|\.config)?\.tsx?$/, '')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)?$/.test(stem)) findings.push(`${file}: the name is not kebab-case`)
  if (emptyNames.includes(stem)) findings.push(`${file}: "${stem}" says nothing; name the file for what it exports`)
  const lines = source.split('\n').length - 1
  if (lines > longestFile) findings.push(`${file}: ${lines} lines, at most ${longestFile}`)
  return [
    ...findings,
    ...(file.includes('/test/') || file.startsWith('test/') ? checkTests(file, source) : checkFunctions(file, source)),
  ]
}

/** A function that holds others (a factory, a component) is measured without them: each is measured by itself. */
function checkFunctions(file: string, source: string): string[] {
  const findings: string[] = []
  const linesOf = (node: SyntaxNode): number => lineAt(source, node.end) - lineAt(source, node.start) + 1
  const linesOfInner = (node: SyntaxNode): number =>
    childrenOf(node)
      .map((child) => (functionTypes.includes(child.type) ? linesOf(child) - 1 : linesOfInner(child)))
      .reduce((sum, lines) => sum + lines, 0)
  walkSyntax(parseSource(file, source), (node) => {
    if (!functionTypes.includes(node.type)) return
    const first = lineAt(source, node.start)
    const lines = linesOf(node) - linesOfInner(node)
    if (lines > longestFunction)
      findings.push(`${file}:${first}: a function of ${lines} lines, at most ${longestFunction}`)
  })
  return findings
}

function checkTests(file: string, source: string): string[] {
  if (!file.endsWith('.test.ts')) return []
  const skipped = findTests(file, source).filter((test) => test.skipped)
  const only = /\b(it|test|describe)\.only\b/.test(source) ? [`${file}: .only leaves the other tests out`] : []
  return [...skipped.map((test) => `${file}: the test "${test.title}" is skipped`), ...only]
}

/** A package has a README that begins with its name. */
export function checkPackage(root: string, directory: string): string[] {
  const { name } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as { name: string }
  const readme = join(root, directory, 'README.md')
  if (!existsSync(readme)) return [`${directory}: README.md is missing`]
  const [title] = readFileSync(readme, 'utf8').split('\n')
  return title === `# ${name}` ? [] : [`${directory}/README.md: the first line must be "# ${name}"`]
}

/** An instrumentation has the files and headings that all of them have. */
export function checkInstrumentation(root: string, directory: string): string[] {
  const findings = ['src/index.ts', 'src/instrumentation.ts']
    .filter((file) => !existsSync(join(root, directory, file)))
    .map((file) => `${directory}: ${file} is missing`)
  if (globSync(`${directory}/test/*.test.ts`, { cwd: root }).length === 0) findings.push(`${directory}: has no test`)
  const table = join(root, directory, 'src/instrumentation.ts')
  const lines = existsSync(table) ? readFileSync(table, 'utf8').split('\n').length - 1 : 0
  if (lines > longestPatchTable)
    findings.push(`${directory}/src/instrumentation.ts: ${lines} lines, at most ${longestPatchTable}`)
  const readme = join(root, directory, 'README.md')
  const headings = [...(existsSync(readme) ? readFileSync(readme, 'utf8') : '').matchAll(/^## (.+)$/gm)].map(
    ([, text]) => text,
  )
  if (headings.join() !== instrumentationHeadings.join())
    findings.push(`${directory}/README.md: the headings must be ${instrumentationHeadings.join(', ')}`)
  return findings
}
