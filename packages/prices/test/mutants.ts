import { decisions } from './decisions.ts'

const price = ['test/price.test.ts']
const bills = ['test/bills.test.ts', 'test/openai-bills.test.ts']
const own = ['test/own-prices.test.ts']
const projection = ['test/projection.test.ts']

/** A file's functions, each of which gives nothing. */
const without = (file: string, tests: readonly string[], ...functions: readonly string[]) =>
  functions.map((name) => ({ file, function: name, tests }))

export const mutants = [
  ...decisions,
  ...without('src/price.ts', price, 'faultOf', 'termsOf'),
  { file: 'src/price.ts', function: 'sameModels', off: '() => () => true', tests: [...price, ...bills] },
  {
    file: 'src/plain-rates.ts',
    function: 'plainCost',
    off: '() => () => ({})',
    tests: ['test/plain-rates.test.ts', ...bills],
  },
  {
    file: 'src/plain-rates.ts',
    function: 'plainRates',
    off: '() => () => ({ input: 1, cacheRead: 1, output: 1, reasoning: 1 })',
    tests: ['test/plain-rates.test.ts'],
  },
  {
    file: 'src/plain-rates.ts',
    function: 'hasMoreThanText',
    off: '() => () => false',
    tests: ['test/plain-rates.test.ts'],
  },
  ...without('src/rates.ts', bills, 'charge', 'chargeInput', 'chargeOutput'),
  {
    file: 'src/rates.ts',
    function: 'at',
    off: "() => (rate) => (typeof rate === 'object' ? rate.base : rate)",
    tests: [...price, ...bills],
  },
  { file: 'src/rates.ts', function: 'rest', off: '() => (whole) => whole', tests: [...price, ...bills] },
  {
    file: 'src/providers.ts',
    function: 'tableProvider',
    off: '() => (provider) => provider',
    tests: [...price, ...bills],
  },
  { file: 'src/providers.ts', function: 'bareModel', off: '() => (model) => model', tests: [...price, ...bills] },
  { file: 'src/providers.ts', function: 'tierFactor', off: '() => () => 1', tests: [...price, ...bills] },
  { file: 'src/table.ts', function: 'conditional', off: '() => () => false', tests: bills },
  { file: 'src/table.ts', function: 'tableVersion', tests: price },
  {
    file: 'src/table.ts',
    function: 'replacePriceTable',
    off: "() => async () => 'none'",
    tests: ['test/refresh.test.ts'],
  },
  { file: 'src/refresh.ts', function: 'download', off: "() => async () => '[]'", tests: ['test/refresh.test.ts'] },
  ...without('src/own-prices.ts', own, 'onlyKeys', 'rate', 'numbers', 'entryOf'),
  { file: 'src/own-prices.ts', function: 'amount', off: '() => (value) => value', tests: own },
  { file: 'src/own-prices.ts', function: 'text', off: '() => (value) => value', tests: own },
  { file: 'src/own-prices.ts', function: 'matches', off: '() => () => true', tests: own },
  { file: 'src/own-prices.ts', function: 'specificity', off: '() => () => 0', tests: own },
  { file: 'src/price-file.ts', function: 'readPriceFile', tests: own },
  { file: 'src/projection.ts', function: 't95', off: '() => () => 0', tests: projection },
  {
    file: 'src/projection.ts',
    function: 'fit',
    off: '(make) => (values) => ({ ...make(values), slope: 0 })',
    tests: projection,
  },
]
