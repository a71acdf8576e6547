/** One finished operation of an agent, as the watch wants it. */
export interface Observation {
  /** `agent`: a whole run of an agent. */
  kind: 'chat' | 'tool' | 'handoff' | 'agent'
  agent: string
  traceId: string
  spanId?: string
  /** End of the operation, ms since the epoch. */
  time: number
  durationMs: number
  failed: boolean
  model?: string | undefined
  tool?: string | undefined
  /** Agent that is handed over to. */
  target?: string | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  /** US dollars. */
  cost?: number | undefined
  /** 0 or absent: the first try. */
  attempt?: number | undefined
  /** Whether its trace ends with it. By default a run of an agent ends its trace. */
  root?: boolean | undefined
}

/** What is watched. The values are those of `agentel.anomaly.signal.name`. */
export type Signal =
  | 'duration'
  | 'input_tokens'
  | 'output_tokens'
  | 'unit_price'
  | 'error_rate'
  | 'run_error_rate'
  | 'tool_duration'
  | 'tool_error_rate'
  | 'calls_per_trace'
  | 'loop'
  | 'retry_rate'
  | 'handoff_ping_pong'
  | 'silence'
  | 'absence'
  | 'volume'
  | (string & {})

/** A change of one signal of one agent. */
export interface SignalChange {
  type: 'begin' | 'end'
  time: number
  agent: string
  signal: Signal
  /** Tool or model concerned, where it is one of them. */
  subject: string | undefined
  detector: 'shift' | 'share' | 'arrivals' | 'limit'
  /** 0 to 1; severity follows from it. */
  score: number
  threshold: number
  expected: number
  observed: number
  traceId: string | undefined
  spanId: string | undefined
  /** For an end: whether it went away or was accepted as the new normal. */
  outcome?: 'recovered' | 'relearned'
}
