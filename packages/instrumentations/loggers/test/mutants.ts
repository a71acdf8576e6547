import { winstonTable } from '@agentel/instrumentation-loggers'

const lines = ['test/loggers.test.ts']
const winston = ['test/winston.test.ts']
const sampling = ['test/sampling.test.ts']

export const tables = [
  { table: winstonTable(), file: 'src/instrumentation.ts', function: 'winstonTable', tests: lines },
]

/** What records are made of. */
export const mutants = [
  { file: 'src/observe-pino.ts', function: 'tell', tests: sampling },
  { file: 'src/observe-pino.ts', function: 'messageKeyOf', off: "() => () => 'msg'", tests: lines },
  { file: 'src/observe-console.ts', function: 'observeConsole', off: '() => () => () => undefined', tests: lines },
  { file: 'src/winston-lines.ts', function: 'nameIn', tests: lines },
  { file: 'src/winston-lines.ts', function: 'tell', tests: winston },
  { file: 'src/winston-lines.ts', function: 'timeOf', tests: winston },
  { file: 'src/write-line.ts', function: 'nearNow', off: '() => (time) => time', tests: [...winston, ...sampling] },
  {
    file: 'src/write-line.ts',
    function: 'textOf',
    off: '() => (value) => String(value)',
    tests: [...winston, ...sampling],
  },
  { file: 'src/write-line.ts', function: 'isKept', off: '() => () => true', tests: sampling },
  { file: 'src/write-line.ts', function: 'isWanted', off: '() => () => true', tests: sampling },
  { file: 'src/write-line.ts', function: 'exceptionAttributes', off: '() => () => ({})', tests: lines },
]
