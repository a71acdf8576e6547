import { langchainTable } from '@agentel/instrumentation-langchain'

const tests = ['test/contract.test.ts']

export const tables = [{ table: langchainTable(), file: 'src/instrumentation.ts', function: 'langchainTable', tests }]

/** What the spans are made of. */
export const mutants = [
  { file: 'src/run-ids.ts', function: 'forgetRunIds', tests },
  { file: 'src/graph-nodes.ts', function: 'rememberStep', tests },
  {
    file: 'src/fail-run.ts',
    function: 'failRun',
    off: '() => (handle, error) => { handle.fail(error); handle.end() }',
    tests,
  },
  { file: 'src/model-run.ts', function: 'ownerOfNext', off: '() => (runs) => runs[0].owner', tests },
  { file: 'src/provider-name.ts', function: 'providerOf', off: "() => () => '_OTHER'", tests },
]
