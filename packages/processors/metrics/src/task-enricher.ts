import { type Attributes, trace } from '@opentelemetry/api'
import { hiddenField } from '@agentel/api'
import type { Enricher } from '@agentel/processor-kit'
import {
  ATTR_AGENTEL_COST_SUM,
  ATTR_AGENTEL_TASK_CPU_TIME,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '@agentel/semconv'
import { isModelCall } from '@agentel/semconv/operations'
import { costOf } from './measure.ts'

/** A task, a run of an agent or a workflow that is under way. */
interface Work {
  readonly enclosing: Work | undefined
  /** Microseconds of CPU when it began. */
  readonly cpu: number
  /** Whether any other work but what it is in, or what is in it, went on meanwhile. */
  overlapped: boolean
  cost: number
  priced: boolean
}

interface Place {
  readonly own: Work | undefined
  readonly enclosing: Work | undefined
}

/** On the span's context: the one object that a span has from its start to the view of it that ends. */
const places = hiddenField<Place>()

/** Work that is watched at a time; where there is more, none of it was alone. */
const MOST = 1000

function isWork(attributes: Readonly<Attributes> | undefined): boolean {
  if (attributes === undefined) return false
  const operation = attributes[ATTR_GEN_AI_OPERATION_NAME]
  return (
    attributes[ATTR_AGENTEL_TASK_NAME] !== undefined ||
    operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT ||
    operation === GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW
  )
}

/** CPU time of this thread in microseconds, or of the process where this Node does not tell threads apart. */
function cpuNow(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  const { user, system } = threadCpuUsage?.call(process) ?? process.cpuUsage()
  return user + system
}

function isWithin(work: Work, outer: Work): boolean {
  for (let at: Work | undefined = work; at !== undefined; at = at.enclosing) if (at === outer) return true
  return false
}

/**
 * Says on each task, agent run and workflow what the calls below it cost (`agentel.cost.sum`: a sum, which is never
 * counted as cost), and how much CPU it took (`agentel.task.cpu.time`), the latter only where no other work overlapped:
 * the CPU of a thread that several share is nobody's. Put it after the cost enricher.
 *
 * @example
 * enricherProcessor([costEnricher(), taskEnricher(), metricsEnricher()])
 */
export function taskEnricher(): Enricher {
  const open = new Set<Work>()
  const begin = (enclosing: Work | undefined): Work => {
    const work: Work = { enclosing, cpu: cpuNow(), overlapped: open.size >= MOST, cost: 0, priced: false }
    for (const other of open) {
      if (isWithin(work, other)) continue
      other.overlapped = true
      work.overlapped = true
    }
    if (open.size < MOST) open.add(work)
    return work
  }
  return {
    name: 'task',
    onStart(span, parentContext) {
      const parent = trace.getSpanContext(parentContext)
      const around = parent && places.get(parent)
      const enclosing = around?.own ?? around?.enclosing
      const own = isWork(span.attributes) ? begin(enclosing) : undefined
      if (own ?? enclosing) places.set(span.spanContext(), { own, enclosing })
    },
    onEnding(span) {
      const place = places.get(span.spanContext())
      if (place === undefined) return
      const { own, enclosing } = place
      const amount = isModelCall(span.attributes[ATTR_GEN_AI_OPERATION_NAME]) ? costOf(span.attributes) : undefined
      for (let at = enclosing; amount !== undefined && at !== undefined; at = at.enclosing) {
        at.cost += amount
        at.priced = true
      }
      if (own === undefined) return
      open.delete(own)
      if (own.priced) span.setAttribute(ATTR_AGENTEL_COST_SUM, own.cost)
      if (!own.overlapped) span.setAttribute(ATTR_AGENTEL_TASK_CPU_TIME, (cpuNow() - own.cpu) / 1e6)
    },
  }
}
