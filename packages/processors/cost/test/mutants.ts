import { decisions } from './decisions.ts'

const cost = ['test/cost-enricher.test.ts']
const budgets = ['test/budgets.test.ts', 'test/budget-store.test.ts']
const leases = ['test/lease.test.ts']
const windows = ['test/budget-window.test.ts']

/** An enricher without one of its hooks. */
function withoutHook(file: string, maker: string, hook: string, tests: readonly string[]) {
  return {
    file,
    function: maker,
    part: hook,
    off: `(make) => (...args) => ({ ...make(...args), ${hook}() {} })`,
    tests,
  }
}

/** `onStart` only loads the price table early: there is nothing to see of it but time. */
export const mutants = [
  ...decisions,
  {
    file: 'src/price-refresh.ts',
    function: 'refreshRegularly',
    off: '() => () => () => {}',
    tests: ['test/price-refresh.test.ts'],
  },
  withoutHook('src/cost-enricher.ts', 'costEnricher', 'onStart', ['test/warm-up.test.ts']),
  withoutHook('src/cost-enricher.ts', 'costEnricher', 'onEnding', cost),
  { file: 'src/cost-enricher.ts', function: 'price', tests: cost },
  { file: 'src/cost-enricher.ts', function: 'serviceTier', tests: cost },
  { file: 'src/cost-enricher.ts', function: 'isToBePriced', off: '() => () => true', tests: cost },
  { file: 'src/cost-enricher.ts', function: 'ownPricesOf', tests: cost },
  { file: '../../semconv/src/operations.ts', function: 'isModelCall', off: '() => () => true', tests: cost },
  { file: 'src/usage-of.ts', function: 'usageOf', tests: cost },
  { file: 'src/budgets.ts', function: 'chargeSpan', tests: budgets },
  { file: 'src/budgets.ts', function: 'stopIfExceeded', tests: budgets },
  { file: 'src/budgets.ts', function: 'tell', tests: budgets },
  { file: 'src/file-keeper.ts', function: 'save', off: "() => () => 'done'", tests: budgets },
  { file: 'src/lease-keeper.ts', function: 'settle', tests: leases },
  {
    file: 'src/lease-server.ts',
    function: 'leaseOf',
    off: '() => () => ({ amount: 1e9, slots: new Map() })',
    tests: leases,
  },
  {
    file: 'src/budgets.ts',
    function: 'keeperOf',
    off: '(make) => (options, parts) => make({ ...options, server: undefined, file: undefined }, parts)',
    tests: leases,
  },
  { file: 'src/budget-account.ts', function: 'moveOn', tests: budgets },
  { file: 'src/budget-account.ts', function: 'crossedBy', off: '() => () => []', tests: budgets },
  { file: 'src/budget-report.ts', function: 'addGauges', tests: budgets },
  { file: 'src/stored-key.ts', function: 'storedKey', off: '() => (key) => key', tests: budgets },
  { file: 'src/budget-window.ts', function: 'offsetAt', off: '() => () => 0', tests: windows },
  {
    file: 'src/budget-window.ts',
    function: 'dayStart',
    off: '() => ({ year, month, day }) => Date.UTC(year, month - 1, day)',
    tests: windows,
  },
  { file: 'src/budget-options.ts', function: 'check', tests: ['test/budget-options.test.ts'] },
]
