/** What should be looked at first: bottlenecks and failures as sentences, each with its evidence and a way to go on. */
import type { OperationStats, Overview } from '../../../src/api/contract.ts'
import type { Parameters } from '../../app/router.ts'
import { count, money, percent, plural } from '../../format/quantity.ts'
import { duration } from '../../format/time.ts'

export type Weight = 'critical' | 'warning' | 'note'

export interface Finding {
  readonly weight: Weight
  /** What is so. */
  readonly sentence: string
  /** What could be done. */
  readonly advice: string
  /** Where to see it. */
  readonly evidence: { readonly path: string; readonly parameters: Parameters; readonly name: string }
}

/** Bounds that the project's standard alerts and dashboards use: warning, then critical. */
const BOUNDS = {
  runErrors: [0.01, 0.05],
  toolErrors: [0.05, 0.1],
  agentErrors: [0.05, 0.1],
  agentP95: [5_000, 10_000],
  runP95: [30_000, 60_000],
  tokensPerCall: [1_000, 5_000],
  costPerCall: [0.01, 0.05],
} as const
/** Fewer calls than this say nothing about a rate. */
const ENOUGH = 5

type Named = { readonly name: string } & OperationStats

function weigh(value: number, [warning, critical]: readonly [number, number]): Weight | null {
  return value > critical ? 'critical' : value > warning ? 'warning' : null
}

const runsOf = (parameters: Parameters, name = 'runs') => ({ path: '/runs', parameters, name })

function failingRuns({ totals, errorTypes }: Overview): Finding[] {
  const weight = totals.traces >= ENOUGH ? weigh(totals.failedTraces / totals.traces, BOUNDS.runErrors) : null
  if (!weight) return []
  const most = errorTypes[0]
  return [
    {
      weight,
      sentence: `${percent(totals.failedTraces / totals.traces)} of the runs fail: ${totals.failedTraces} of ${plural(totals.traces, 'run')}.`,
      advice: most
        ? `Begin with "${most.type}", the error of ${plural(most.count, 'span')}.`
        : 'Open the newest of them: it stands at its failure.',
      evidence: runsOf({ status: 'error' }, 'failed runs'),
    },
  ]
}

function failingParts(rows: readonly Named[], kind: 'tool' | 'agent', bounds: readonly [number, number]): Finding[] {
  return rows.flatMap((row) => {
    const weight = row.count >= ENOUGH ? weigh(row.errors / row.count, bounds) : null
    if (!weight) return []
    return [
      {
        weight,
        sentence: `The ${kind} ${row.name} fails in ${percent(row.errors / row.count)} of its calls: ${row.errors} of ${count(row.count)}.`,
        advice:
          kind === 'tool'
            ? 'Give it a time limit and a retry, or tell the model what it may ask of it.'
            : 'Look at what it was given: its handovers and its tools are on its page.',
        evidence:
          kind === 'tool'
            ? runsOf({ tool: row.name, status: 'error' }, `failed runs with ${row.name}`)
            : { path: `/agents/${encodeURIComponent(row.name)}`, parameters: {}, name: row.name },
      },
    ]
  })
}

function slow({ agents, totals }: Overview): Finding[] {
  const findings: Finding[] = agents.flatMap((agent) => {
    const weight = agent.count >= ENOUGH && agent.p95 !== null ? weigh(agent.p95, BOUNDS.agentP95) : null
    if (!weight) return []
    return [
      {
        weight,
        sentence: `The agent ${agent.name} is slow: p95 ${duration(agent.p95)}, half of its calls take more than ${duration(agent.p50)}.`,
        advice: 'Its waterfall shows which step takes the time: the critical path is marked.',
        evidence: runsOf({ agent: agent.name, sort: 'duration' }, `longest runs of ${agent.name}`),
      },
    ]
  })
  const weight = totals.traceP95 === null ? null : weigh(totals.traceP95, BOUNDS.runP95)
  if (weight)
    findings.push({
      weight,
      sentence: `One run in twenty takes more than ${duration(totals.traceP95)}.`,
      advice: 'Steps that do not need each other can run side by side.',
      evidence: runsOf({ sort: 'duration' }, 'longest runs'),
    })
  return findings
}

/** The agent in which most of the agents' time goes; only said when it is more than half. */
function bottleneck({ agents }: Overview): Finding[] {
  const timeOf = (agent: Named) => (agent.meanDuration ?? 0) * agent.count
  const all = agents.reduce((sum, agent) => sum + timeOf(agent), 0)
  const top = agents.toSorted((a, b) => timeOf(b) - timeOf(a))[0]
  if (!top || agents.length < 2 || timeOf(top) / all <= 0.5) return []
  return [
    {
      weight: 'note',
      sentence: `${percent(timeOf(top) / all)} of the agents' time is spent in ${top.name}.`,
      advice: 'What is saved there is saved in every run.',
      evidence: { path: `/agents/${encodeURIComponent(top.name)}`, parameters: {}, name: top.name },
    },
  ]
}

function dear({ models, totals }: Overview): Finding[] {
  const calls = (model: Named) => model.count - model.unpriced
  const perCall = (model: Named) => (calls(model) > 0 ? (model.cost ?? 0) / calls(model) : 0)
  const findings: Finding[] = models.flatMap((model) => {
    const weight = calls(model) >= ENOUGH ? weigh(perCall(model), BOUNDS.costPerCall) : null
    return weight
      ? [
          {
            weight,
            sentence: `A call of ${model.name} costs ${money(perCall(model))}.`,
            advice: 'A shorter history, a cached prompt or a smaller model makes it cheaper.',
            evidence: runsOf({ model: model.name, sort: 'cost' }, `dearest runs with ${model.name}`),
          },
        ]
      : []
  })
  const top = models.toSorted((a, b) => (b.cost ?? 0) - (a.cost ?? 0))[0]
  const modelCalls = models.reduce((sum, model) => sum + model.count, 0)
  if (top && totals.cost && (top.cost ?? 0) / totals.cost > 0.5 && top.count / modelCalls < 0.4)
    findings.push({
      weight: 'note',
      sentence: `${top.name} makes ${percent((top.cost ?? 0) / totals.cost)} of the cost with ${percent(top.count / modelCalls)} of the calls.`,
      advice: 'See which agent needs it, and whether all of its calls do.',
      evidence: { path: '/cost', parameters: { by: 'agent' }, name: 'cost by agent' },
    })
  return findings
}

function tokens({ totals }: Overview): Finding[] {
  const perCall = totals.modelCalls > 0 ? (totals.inputTokens + totals.outputTokens) / totals.modelCalls : 0
  const weight = totals.modelCalls >= ENOUGH ? weigh(perCall, BOUNDS.tokensPerCall) : null
  if (!weight) return []
  return [
    {
      weight,
      sentence: `A model call takes ${count(Math.round(perCall))} tokens on average.`,
      advice:
        'A history that is sent again with each call is the usual reason; the conversation view counts repeated messages.',
      evidence: runsOf({ sort: 'tokens' }, 'runs with most tokens'),
    },
  ]
}

function unpriced({ totals, models }: Overview): Finding[] {
  if (totals.unpriced === 0) return []
  const names = models.filter((model) => model.unpriced > 0).map((model) => model.name)
  return [
    {
      weight: 'note',
      sentence: `${plural(totals.unpriced, 'model call')} have no known price${names.length > 0 ? `: ${names.slice(0, 3).join(', ')}` : ''}.`,
      advice: 'Add the price, or the totals stay too low.',
      evidence: { path: '/cost', parameters: {}, name: 'cost' },
    },
  ]
}

function limited({ errorTypes }: Overview): Finding[] {
  const found = errorTypes.find(({ type }) => type === '429' || type === 'rate_limit_exceeded')
  if (!found) return []
  return [
    {
      weight: 'warning',
      sentence: `The provider's rate limit was met ${plural(found.count, 'time')}.`,
      advice: 'Let fewer runs go side by side, or ask for a higher limit.',
      evidence: runsOf({ error: found.type }, 'runs that met it'),
    },
  ]
}

const ORDER: readonly Weight[] = ['critical', 'warning', 'note']

/** The gravest first. Empty means that nothing is worth saying. */
export function findingsOf(overview: Overview): readonly Finding[] {
  return [
    ...failingRuns(overview),
    ...failingParts(overview.tools, 'tool', BOUNDS.toolErrors),
    ...failingParts(overview.agents, 'agent', BOUNDS.agentErrors),
    ...slow(overview),
    ...limited(overview),
    ...dear(overview),
    ...tokens(overview),
    ...bottleneck(overview),
    ...unpriced(overview),
  ].toSorted((a, b) => ORDER.indexOf(a.weight) - ORDER.indexOf(b.weight))
}
