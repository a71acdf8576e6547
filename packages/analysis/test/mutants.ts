const analysis = ['test/analysis.test.ts']
const explain = ['test/explain-failure.test.ts']
const themes = ['test/feedback-themes.test.ts']
const tools = ['test/tool-dependencies.test.ts']
const stages = ['test/transaction-stages.test.ts']

const reading = [
  { file: 'src/span-tree.ts', function: 'cutCycles', off: '() => () => []', tests: analysis },
  {
    file: 'src/span-tree.ts',
    function: 'resolveParents',
    part: 'missing',
    off: '(resolve) => (spans) => ({ ...resolve(spans), missingParent: [] })',
    tests: analysis,
  },
  { file: 'src/failure.ts', function: 'originBelow', off: '() => (_spans, _children, root) => root', tests: analysis },
  { file: 'src/failure.ts', function: 'childrenOf', off: '() => () => []', tests: analysis },
  {
    file: 'src/failure.ts',
    function: 'endOf',
    off: '() => ({ start }) => start',
    tests: [...explain, ...analysis],
  },
  {
    file: 'src/critical-path.ts',
    function: 'criticalPath',
    off: '() => (_spans, { order }) => [...order]',
    tests: analysis,
  },
  {
    file: 'src/interactions.ts',
    function: 'effectiveAgents',
    off: '() => (spans) => spans.map(({ agent }) => agent)',
    tests: analysis,
  },
  { file: 'src/interactions.ts', function: 'callerOf', off: "() => () => ''", tests: analysis },
  {
    file: 'src/interactions.ts',
    function: 'callerOf',
    part: 'inside a handover',
    off: "(callerOf) => (...args) => callerOf(...args) ?? ''",
    tests: analysis,
  },
  { file: 'src/interactions.ts', function: 'interactionOf', tests: analysis },
  {
    file: 'src/interactions.ts',
    function: 'interactionOf',
    part: 'sent once',
    off: '(interactionOf) => (span, agent) => interactionOf({ ...span, kind: 4 }, agent)',
    tests: analysis,
  },
]

const explaining = [
  {
    file: 'src/explain-failure.ts',
    function: 'pathTo',
    off: '() => (_spans, _tree, origin) => [origin]',
    tests: explain,
  },
  { file: 'src/explain-failure.ts', function: 'attemptsBefore', off: '() => () => []', tests: explain },
  { file: 'src/feedback-themes.ts', function: 'promptFor', off: "() => () => ''", tests: themes },
  { file: 'src/feedback-themes.ts', function: 'readAnswer', off: '() => () => []', tests: themes },
  {
    file: 'src/feedback-themes.ts',
    function: 'themeOf',
    off: '() => (name, comments) => ({ name, comments, rating: 1 })',
    tests: themes,
  },
  {
    file: 'src/tool-dependencies.ts',
    function: 'scopesOf',
    off: '() => (spans) => new Int32Array(spans.length)',
    tests: tools,
  },
  { file: 'src/tool-dependencies.ts', function: 'lastBefore', tests: tools },
  { file: 'src/transaction-stages.ts', function: 'errorOf', off: '() => () => null', tests: stages },
  {
    file: 'src/transaction-stages.ts',
    function: 'stagesOf',
    part: 'waits',
    off: '(stagesOf) => (span) => stagesOf(span, new Map())',
    tests: stages,
  },
]

export const mutants = [...reading, ...explaining]
