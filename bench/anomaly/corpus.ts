/** One span as the generators write it, a JSON line. */
export interface GeneratedSpan {
  ts: number
  end: number
  trace_id: string
  agent: string
  kind: 'chat' | 'execute_tool' | 'handoff' | 'invoke_agent'
  model?: string
  tool?: string
  target?: string
  duration_ms: number
  tokens_in?: number
  tokens_out?: number
  cost?: number
  error: boolean
  retry?: number
  queue_size?: number
  mem_mb?: number
  cpu?: number
}

export interface Alarm {
  ts: number
  agent: string
  signal: string
}

export interface Labels {
  start: number
  end: number
  warmup_end: number
  agents: string[]
  events: { id: number; kind: string; agent: string; peer?: string; start: number; end: number }[]
}

/** Something that reads spans in the order in which they end, and raises alarms. */
export interface Watcher {
  observe(span: GeneratedSpan): void
  readonly alarms: Alarm[]
}
