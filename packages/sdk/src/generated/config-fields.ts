// Generated from packages/sdk/src/config-schema.ts by `pnpm generate`. Do not edit.

/** One option: where it stands, what it takes. */
export interface ConfigField {
  readonly path: string
  readonly kind: 'boolean' | 'integer' | 'number' | 'string' | 'url' | 'choice' | 'choices' | 'strings' | 'map'
  readonly description: string
  readonly env?: string
  /** Its value must not be shown. */
  readonly secret?: boolean
  readonly minLength?: number
  readonly default?: unknown
  readonly choices?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly values?: readonly string[]
}

/** Every option there is. */
export const configFields: readonly ConfigField[] = [
  {"path":"disabled","kind":"boolean","description":"Hook nothing and send nothing.","env":"AGENTEL_DISABLED","default":false},
  {"path":"profile","kind":"choice","description":"Which set of defaults, and which part of `profiles`, applies where nothing else is said; otherwise `production`. See \"Profiles\".","env":"AGENTEL_PROFILE","choices":["development","staging","production"]},
  {"path":"serviceName","kind":"string","description":"Name of the service; otherwise `OTEL_SERVICE_NAME`, otherwise `unknown_service:node`.","minLength":1},
  {"path":"resourceAttributes","kind":"map","description":"More attributes of the resource, over those of `OTEL_RESOURCE_ATTRIBUTES`.","values":["string","number","boolean"]},
  {"path":"otlp.endpoint","kind":"url","description":"Base address of the receiver; `/v1/traces` and so on are added for HTTP. Otherwise `OTEL_EXPORTER_OTLP_ENDPOINT`."},
  {"path":"otlp.protocol","kind":"choice","description":"Protocol of all signals. Otherwise `OTEL_EXPORTER_OTLP_PROTOCOL`, otherwise `http/protobuf`.","choices":["http/protobuf","grpc","http/json"]},
  {"path":"otlp.headers","kind":"map","description":"Headers (or gRPC metadata) of every export. Otherwise `OTEL_EXPORTER_OTLP_HEADERS`. Never logged.","values":["string"]},
  {"path":"otlp.timeoutMs","kind":"integer","description":"How long one export may take, retries included, in ms.","min":1},
  {"path":"export.delayMs","kind":"integer","description":"Longest time in ms that a span or log record waits for its batch.","env":"AGENTEL_EXPORT_DELAY_MS","min":0},
  {"path":"export.metricIntervalMs","kind":"integer","description":"Time in ms between two exports of metrics.","env":"AGENTEL_EXPORT_METRIC_INTERVAL_MS","min":1},
  {"path":"instrumentations.include","kind":"choices","description":"Model SDKs and buses that are hooked when the application loads them.","env":"AGENTEL_INSTRUMENTATIONS","default":["ai-sdk","anthropic","bullmq","langchain","mcp","openai","openai-agents"],"choices":["ai-sdk","anthropic","bullmq","langchain","mcp","openai","openai-agents"]},
  {"path":"loggers.include","kind":"choices","description":"Loggers whose lines become log records; what they write stays as it is.","env":"AGENTEL_LOGGERS","default":["pino","winston"],"choices":["pino","winston","console"]},
  {"path":"loggers.level","kind":"choice","description":"Lines below this level are no records.","env":"AGENTEL_LOGGERS_LEVEL","default":"INFO","choices":["TRACE","DEBUG","INFO","WARN","ERROR","FATAL"]},
  {"path":"loggers.sampleDebug","kind":"number","description":"Share of the lines below info that are kept, 0 to 1.","env":"AGENTEL_LOGGERS_SAMPLE_DEBUG","default":1,"min":0,"max":1},
  {"path":"loggers.sampleInfo","kind":"number","description":"Share of the lines of info; warnings and errors are always kept that are kept, 0 to 1.","env":"AGENTEL_LOGGERS_SAMPLE_INFO","default":1,"min":0,"max":1},
  {"path":"content.capture","kind":"choice","description":"Where prompts, completions, tool arguments and results are written. Otherwise `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, otherwise `NO_CONTENT`.","choices":["NO_CONTENT","SPAN_ONLY","EVENT_ONLY","SPAN_AND_EVENT"]},
  {"path":"content.eventLength","kind":"integer","description":"Content on events of agentel is cut at this many characters; its full length stays as a number.","env":"AGENTEL_CONTENT_EVENT_LENGTH","default":200,"min":0},
  {"path":"content.attributeBytes","kind":"integer","description":"Content on one attribute is cut at this many bytes, inside its JSON; its original size stays.","env":"AGENTEL_CONTENT_ATTRIBUTE_BYTES","default":65536,"min":0},
  {"path":"content.spanBytes","kind":"integer","description":"The same for all content of one span together.","env":"AGENTEL_CONTENT_SPAN_BYTES","default":262144,"min":0},
  {"path":"content.folder","kind":"string","description":"Keep the whole content of every model call in files in this folder, unredacted; spans say where. Not set: nothing is kept.","env":"AGENTEL_CONTENT_FOLDER"},
  {"path":"content.spanEncoding","kind":"choice","description":"Content on spans as JSON text, or as nested data, which only SDK 3 keeps.","env":"AGENTEL_CONTENT_SPAN_ENCODING","default":"json","choices":["json","structured"]},
  {"path":"cost.prices","kind":"string","description":"Path of a JSON or YAML file with own prices, which win over the table.","env":"AGENTEL_COST_PRICES","minLength":1},
  {"path":"cost.refresh","kind":"string","description":"Path or URL of a newer price table; without it none is ever looked for, and never at the start.","env":"AGENTEL_COST_REFRESH","minLength":1},
  {"path":"cost.refreshHours","kind":"number","description":"Hours between two looks at it, the first one after so many.","env":"AGENTEL_COST_REFRESH_HOURS","default":24,"min":0.01,"max":590},
  {"path":"budgets.file","kind":"string","description":"Path of a JSON or YAML file with a list of budgets, as the README of @agentel/processor-cost says.","env":"AGENTEL_BUDGETS_FILE","minLength":1},
  {"path":"budgets.store","kind":"string","description":"SQLite file in which spend survives a restart, and which processes of one machine share.","env":"AGENTEL_BUDGETS_STORE","minLength":1},
  {"path":"budgets.server","kind":"string","description":"Redis or Valkey server by which processes of several machines share spend, such as `redis://host:6379`; in place of `store`. Never logged.","env":"AGENTEL_BUDGETS_SERVER","secret":true,"minLength":1},
  {"path":"metrics.profile","kind":"choice","description":"Which generation of metric names is emitted.","env":"AGENTEL_METRICS_PROFILE","default":"latest","choices":["latest","v1_41"]},
  {"path":"metrics.maxRows","kind":"integer","description":"Sets of attributes for each metric; what comes after is counted in one row with `otel.metric.overflow`.","env":"AGENTEL_METRICS_MAX_ROWS","default":2000,"min":1},
  {"path":"metrics.sessionIdleSeconds","kind":"number","description":"Seconds without a span after which a session counts as over.","env":"AGENTEL_METRICS_SESSION_IDLE_SECONDS","default":1800,"min":1},
  {"path":"metrics.maxSessions","kind":"integer","description":"Sessions that are watched at a time; the one that has been idle longest ends early to make room, which `agentel.self.dropped` counts.","env":"AGENTEL_METRICS_MAX_SESSIONS","default":10000,"min":1},
  {"path":"identity.allowHosts","kind":"strings","description":"Own hosts that may be told user, session and tenant in W3C baggage, such as `*.internal.example`. Never a model provider.","env":"AGENTEL_IDENTITY_ALLOW_HOSTS","default":[]},
  {"path":"identity.accept","kind":"boolean","description":"Take over the identity that an incoming request carries; `false` for a service that strangers can call.","env":"AGENTEL_IDENTITY_ACCEPT","default":true},
  {"path":"sampling.exactMetrics","kind":"boolean","description":"Record agent and model spans that the sampler drops, without exporting them, so that metrics count every call.","env":"AGENTEL_SAMPLING_EXACT_METRICS","default":true},
  {"path":"sampling.maxSpansPerTrace","kind":"integer","description":"Spans of one trace that this process exports; the rest is counted in metrics and in `agentel.self.dropped`.","env":"AGENTEL_SAMPLING_MAX_SPANS_PER_TRACE","default":10000,"min":1},
  {"path":"sampling.rules","kind":"strings","description":"Which traces are kept when they begin, before `OTEL_TRACES_SAMPLER` is asked: `agent=billing:1`, `http.route=/health:0`, `user=bot-*:10/s`. The first that fits decides.","env":"AGENTEL_SAMPLING_RULES","default":[]},
  {"path":"sampling.keepErrors","kind":"boolean","description":"Export failed and critical agent spans of traces that the sampler drops, without the rest of the trace.","env":"AGENTEL_SAMPLING_KEEP_ERRORS","default":true},
  {"path":"sampling.keepPerSecond","kind":"integer","description":"Spans a second that `keepErrors` exports at most; the others are counted in `agentel.self.dropped`.","env":"AGENTEL_SAMPLING_KEEP_PER_SECOND","default":100,"min":0},
  {"path":"sampling.tail.enabled","kind":"boolean","description":"Decide on whole traces when they end; for one process without a collector.","env":"AGENTEL_SAMPLING_TAIL_ENABLED","default":false},
  {"path":"sampling.tail.share","kind":"number","description":"Share that is kept of traces without error, anomaly or priority that were neither slow nor costly.","env":"AGENTEL_SAMPLING_TAIL_SHARE","default":0.1,"min":0,"max":1},
  {"path":"sampling.tail.slowSeconds","kind":"number","description":"Traces that took at least as long are kept.","env":"AGENTEL_SAMPLING_TAIL_SLOW_SECONDS","default":30,"min":0},
  {"path":"sampling.tail.costUsd","kind":"number","description":"Traces that cost at least as many US dollars are kept.","env":"AGENTEL_SAMPLING_TAIL_COST_USD","default":0.1,"min":0},
  {"path":"sampling.tail.maxTraces","kind":"integer","description":"Traces that wait for their end; beyond, the oldest is decided by what is known, and counted.","env":"AGENTEL_SAMPLING_TAIL_MAX_TRACES","default":1000,"min":1},
  {"path":"sampling.tail.maxBytes","kind":"integer","description":"Bytes that waiting traces may take, roughly.","env":"AGENTEL_SAMPLING_TAIL_MAX_BYTES","default":67108864,"min":100000},
  {"path":"sampling.tail.waitSeconds","kind":"number","description":"Seconds after which a trace is decided though it goes on.","env":"AGENTEL_SAMPLING_TAIL_WAIT_SECONDS","default":300,"min":1},
  {"path":"reconcile.enabled","kind":"boolean","description":"Read spans that other libraries wrote in older or other conventions, so that they count too.","env":"AGENTEL_RECONCILE_ENABLED","default":true},
  {"path":"reconcile.content","kind":"boolean","description":"Write the messages of such spans under the current names as well; they are there twice then.","env":"AGENTEL_RECONCILE_CONTENT","default":false},
  {"path":"redaction.enabled","kind":"boolean","description":"Take keys, credentials and personal data out of spans and log records before they leave the process.","env":"AGENTEL_REDACTION_ENABLED","default":true},
  {"path":"redaction.mode","kind":"choice","description":"What becomes of a finding: `[REDACTED:rule]`, the same with a keyed hash, or nothing at all is left of the attribute.","env":"AGENTEL_REDACTION_MODE","default":"mask","choices":["mask","hash","drop"]},
  {"path":"redaction.hashKey","kind":"string","description":"Key of the hashes, at least 16 characters; needed by the mode `hash`. Never logged.","env":"AGENTEL_REDACTION_HASH_KEY","secret":true,"minLength":16},
  {"path":"redaction.skipRules","kind":"choices","description":"Rules that are switched off.","env":"AGENTEL_REDACTION_SKIP_RULES","default":[],"choices":["key","credential","email","phone","card","iban","ssn","ip"]},
  {"path":"redaction.keys","kind":"strings","description":"More names whose values are secret, such as `employee_number`.","env":"AGENTEL_REDACTION_KEYS","default":[]},
  {"path":"redaction.ignoreKeys","kind":"strings","description":"Attributes whose names look secret and are not.","env":"AGENTEL_REDACTION_IGNORE_KEYS","default":[]},
  {"path":"redaction.restricted","kind":"strings","description":"Attributes of access level restricted: left out, not masked. Exact names, or a beginning and `*`.","env":"AGENTEL_REDACTION_RESTRICTED","default":[]},
  {"path":"redaction.allow","kind":"strings","description":"Only these attributes leave the process, and are still searched. Exact names, or a beginning and `*`.","env":"AGENTEL_REDACTION_ALLOW"},
  {"path":"redaction.presidio.url","kind":"url","description":"Address of a Presidio analyzer that is asked for names, places and other personal data before spans and log records are exported. Nothing of the application waits for it.","env":"AGENTEL_REDACTION_PRESIDIO_URL"},
  {"path":"redaction.presidio.language","kind":"string","description":"Language of the texts.","env":"AGENTEL_REDACTION_PRESIDIO_LANGUAGE","minLength":2,"default":"en"},
  {"path":"redaction.presidio.entities","kind":"strings","description":"Kinds that it looks for, such as `PERSON`, `LOCATION`; by default all that it knows.","env":"AGENTEL_REDACTION_PRESIDIO_ENTITIES"},
  {"path":"redaction.presidio.scoreThreshold","kind":"number","description":"What it is less certain of is not told, 0 to 1.","env":"AGENTEL_REDACTION_PRESIDIO_SCORE_THRESHOLD","default":0.5,"min":0,"max":1},
  {"path":"redaction.presidio.token","kind":"string","description":"What its requests carry as `Authorization: Bearer`. Never logged.","env":"AGENTEL_REDACTION_PRESIDIO_TOKEN","secret":true,"minLength":1},
  {"path":"redaction.slowAttributes","kind":"strings","description":"Attributes that slow detectors are asked about; by default those that hold what people and models have said. Exact names, or a beginning and `*`; `body` is the body of a log record.","env":"AGENTEL_REDACTION_SLOW_ATTRIBUTES"},
  {"path":"redaction.timeoutMs","kind":"integer","description":"How long a batch that is about to be exported waits for slow detectors, in ms.","env":"AGENTEL_REDACTION_TIMEOUT_MS","default":2000,"min":1},
  {"path":"redaction.unanswered","kind":"choice","description":"What becomes of texts about which slow detectors did not answer in time: they are withheld, or leave.","env":"AGENTEL_REDACTION_UNANSWERED","default":"withhold","choices":["withhold","pass"]},
  {"path":"anomaly.enabled","kind":"boolean","description":"Watch what agents do, and say once when something begins to be wrong and once when it is over.","env":"AGENTEL_ANOMALY_ENABLED","default":true},
  {"path":"anomaly.sensitivity","kind":"number","description":"2 needs half the evidence, 0.5 twice as much.","env":"AGENTEL_ANOMALY_SENSITIVITY","default":1,"min":0.1,"max":10},
  {"path":"anomaly.skipSignals","kind":"strings","description":"Signals that are not watched, by name.","env":"AGENTEL_ANOMALY_SKIP_SIGNALS","default":[]},
  {"path":"anomaly.strictness","kind":"strings","description":"Evidence that single signals need, as a factor: `duration=2` needs twice as much, `silence=0.5` half.","env":"AGENTEL_ANOMALY_STRICTNESS","default":[]},
  {"path":"anomaly.maxAgents","kind":"integer","description":"Agents that are watched; the one that was quiet longest goes first.","env":"AGENTEL_ANOMALY_MAX_AGENTS","default":200,"min":1},
  {"path":"anomaly.stateFile","kind":"string","description":"Where what was learned is kept over a restart; used by the main thread alone.","env":"AGENTEL_ANOMALY_STATE_FILE","minLength":1},
  {"path":"audit.file","kind":"string","description":"SQLite file to which the events of agents are written, hash-chained; without it nothing is audited.","env":"AGENTEL_AUDIT_FILE","minLength":1},
  {"path":"audit.synchronous","kind":"choice","description":"What a written event survives: `normal` the end of the process, `full` a power cut too.","env":"AGENTEL_AUDIT_SYNCHRONOUS","default":"normal","choices":["normal","full"]},
  {"path":"audit.retentionDays","kind":"number","description":"Days that events are kept; without it, for ever.","env":"AGENTEL_AUDIT_RETENTION_DAYS","min":0.01},
  {"path":"audit.retentionRows","kind":"integer","description":"Events that are kept, the newest; without it, all.","env":"AGENTEL_AUDIT_RETENTION_ROWS","min":1},
  {"path":"audit.durableFrom","kind":"choice","description":"Severity from which an event is on disk before the application goes on, a millisecond later; without it, none is.","env":"AGENTEL_AUDIT_DURABLE_FROM","choices":["warn","error","fatal"]},
  {"path":"audit.events","kind":"strings","description":"Names of the events that are audited; without it, those in the README of @agentel/audit.","env":"AGENTEL_AUDIT_EVENTS"},
  {"path":"alerts.enabled","kind":"boolean","description":"Evaluate alert rules in this process, over its own metrics. Leave it off where a console or Prometheus does.","env":"AGENTEL_ALERTS_ENABLED","default":false},
  {"path":"alerts.rules","kind":"string","description":"Path of a YAML file with rules beside the standard ones, as the README of @agentel/alerts says.","env":"AGENTEL_ALERTS_RULES","minLength":1},
  {"path":"alerts.store","kind":"string","description":"SQLite file in which alerts survive a restart; processes that share it tell of an alert once.","env":"AGENTEL_ALERTS_STORE","minLength":1},
  {"path":"alerts.errorRate","kind":"number","description":"Share of failed model calls above which the standard rule `error-rate` fires. Otherwise the profile says.","env":"AGENTEL_ALERTS_ERROR_RATE","min":0,"max":1},
  {"path":"alerts.intervalMs","kind":"integer","description":"Time in ms between two evaluations.","env":"AGENTEL_ALERTS_INTERVAL_MS","default":15000,"min":100},
  {"path":"health.enabled","kind":"boolean","description":"Watch how agents and workers are: their state as metrics, its changes as events.","env":"AGENTEL_HEALTH_ENABLED","default":true},
  {"path":"health.port","kind":"integer","description":"Port of `/livez`, `/readyz` and `/healthz`; 0 takes any. Without it nothing listens.","env":"AGENTEL_HEALTH_PORT","min":0,"max":65535},
  {"path":"health.host","kind":"string","description":"Address that it listens on; beyond loopback a token is needed.","env":"AGENTEL_HEALTH_HOST","minLength":1,"default":"127.0.0.1"},
  {"path":"health.token","kind":"string","description":"What requests must carry as `Authorization: Bearer`, at least 16 characters. Never logged.","env":"AGENTEL_HEALTH_TOKEN","secret":true,"minLength":16},
  {"path":"health.endpoints","kind":"strings","description":"Addresses without which the process is not ready: a model, an MCP server. Any answer below 500 will do.","env":"AGENTEL_HEALTH_ENDPOINTS","default":[]},
  {"path":"health.intervalMs","kind":"integer","description":"Time in ms between two looks.","env":"AGENTEL_HEALTH_INTERVAL_MS","default":30000,"min":100},
  {"path":"health.windowMinutes","kind":"number","description":"How far back runs count, in minutes.","env":"AGENTEL_HEALTH_WINDOW_MINUTES","default":60,"min":0.1},
  {"path":"health.minimumRuns","kind":"integer","description":"With fewer runs than this, no share and no percentile is judged.","env":"AGENTEL_HEALTH_MINIMUM_RUNS","default":10,"min":1},
  {"path":"health.degradedBelow","kind":"number","description":"Share of runs that succeed, below which an agent or a worker is degraded.","env":"AGENTEL_HEALTH_DEGRADED_BELOW","default":0.95,"min":0,"max":1},
  {"path":"health.unhealthyBelow","kind":"number","description":"The same for unhealthy (a worker: failed).","env":"AGENTEL_HEALTH_UNHEALTHY_BELOW","default":0.9,"min":0,"max":1},
  {"path":"health.degradedAboveMs","kind":"number","description":"Response time in ms, of a ping and the p95 of model calls, above which an agent is degraded.","env":"AGENTEL_HEALTH_DEGRADED_ABOVE_MS","default":5000,"min":0},
  {"path":"health.unhealthyAboveMs","kind":"number","description":"The same for unhealthy.","env":"AGENTEL_HEALTH_UNHEALTHY_ABOVE_MS","default":10000,"min":0},
  {"path":"logging.file","kind":"string","description":"File to which log records are appended, beside their export; without it none is written.","env":"AGENTEL_LOGGING_FILE","minLength":1},
  {"path":"logging.level","kind":"choice","description":"Least severity of the records in that file.","env":"AGENTEL_LOGGING_LEVEL","default":"INFO","choices":["TRACE","DEBUG","INFO","WARN","ERROR","FATAL"]},
  {"path":"logging.maxFileSizeMb","kind":"number","description":"Megabytes after which the file becomes `.1`, the one before `.2`, and so on.","env":"AGENTEL_LOGGING_MAX_FILE_SIZE_MB","default":100,"min":0.001},
  {"path":"logging.backupCount","kind":"integer","description":"Such older files that are kept; with 0 a full file is begun anew.","env":"AGENTEL_LOGGING_BACKUP_COUNT","default":5,"min":0,"max":1000},
  {"path":"logging.json","kind":"boolean","description":"A line of JSON for each record, or of text.","env":"AGENTEL_LOGGING_JSON","default":true},
  {"path":"logging.callerInfo","kind":"boolean","description":"Say on every record from which file, line and function of the application it comes; about 20 µs each.","env":"AGENTEL_LOGGING_CALLER_INFO","default":false},
  {"path":"prometheus.enabled","kind":"boolean","description":"Show all metrics at `/metrics` on a port of their own, beside other exporters; as `OTEL_METRICS_EXPORTER=prometheus` does.","env":"AGENTEL_PROMETHEUS_ENABLED","default":false},
  {"path":"prometheus.host","kind":"string","description":"Address to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_HOST`, otherwise `localhost`.","minLength":1},
  {"path":"prometheus.port","kind":"integer","description":"Port to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_PORT`, otherwise 9464.","min":0,"max":65535},
  {"path":"console.retentionHours","kind":"number","description":"Hours that `agentel console` keeps runs and logs. Otherwise those of a profile that is named, else 168.","env":"AGENTEL_CONSOLE_RETENTION_HOURS","min":0.01},
  {"path":"console.errorRetentionHours","kind":"number","description":"Hours that it keeps failed runs, and the share of the others that it keeps as long.","env":"AGENTEL_CONSOLE_ERROR_RETENTION_HOURS","default":720,"min":0.01},
  {"path":"console.keepShare","kind":"number","description":"Share of the runs that did not fail which it keeps as long as failed ones; by trace id.","env":"AGENTEL_CONSOLE_KEEP_SHARE","default":0,"min":0,"max":1},
  {"path":"console.metricRetentionHours","kind":"number","description":"Hours that it keeps points of metrics.","env":"AGENTEL_CONSOLE_METRIC_RETENTION_HOURS","default":168,"min":0.01},
  {"path":"console.cleanupIntervalMinutes","kind":"number","description":"Minutes between two looks for what is to be deleted.","env":"AGENTEL_CONSOLE_CLEANUP_INTERVAL_MINUTES","default":0.2,"min":0.01,"max":1440},
  {"path":"hostMetrics.enabled","kind":"boolean","description":"CPU, memory, disk, network, threads and event loop of this process, from its main thread.","env":"AGENTEL_HOST_METRICS_ENABLED","default":true},
  {"path":"hostMetrics.agent","kind":"string","description":"Name of the agent that has this process for itself: these figures are its own then.","env":"AGENTEL_HOST_METRICS_AGENT","minLength":1},
  {"path":"shutdown.flushOnExit","kind":"boolean","description":"Send what is left when the process ends by itself, by SIGTERM or by SIGINT.","env":"AGENTEL_SHUTDOWN_FLUSH_ON_EXIT","default":true},
  {"path":"shutdown.timeoutMs","kind":"integer","description":"How long a flush or a shutdown may take, in ms; what is not sent by then is given up.","env":"AGENTEL_SHUTDOWN_TIMEOUT_MS","default":5000,"min":1},
  {"path":"shutdown.exitTimeoutMs","kind":"integer","description":"How long `process.exit()` or an uncaught exception may be held up to send what is left, in ms; 0 sends nothing then.","env":"AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS","default":2000,"min":0,"max":10000},
]

/** Options of `startAgentel` that are plain data. */
export interface ConfigOptions extends ProfileOptions {
  /** Which set of defaults, and which part of `profiles`, applies where nothing else is said; otherwise `production`. See "Profiles". Environment: `AGENTEL_PROFILE`. */
  profile?: 'development' | 'staging' | 'production'
  /** What holds in one environment only: options by profile, which win over those beside them where that profile is in force. */
  profiles?: { development?: ProfileOptions; staging?: ProfileOptions; production?: ProfileOptions }
}

/** Options of which a profile may have its own. */
export interface ProfileOptions {
  /** Hook nothing and send nothing. Default: `false`. Environment: `AGENTEL_DISABLED`. */
  disabled?: boolean
  /** Name of the service; otherwise `OTEL_SERVICE_NAME`, otherwise `unknown_service:node`. */
  serviceName?: string
  /** More attributes of the resource, over those of `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?: Readonly<Record<string, string | number | boolean>>
  otlp?: {
    /** Base address of the receiver; `/v1/traces` and so on are added for HTTP. Otherwise `OTEL_EXPORTER_OTLP_ENDPOINT`. */
    endpoint?: string
    /** Protocol of all signals. Otherwise `OTEL_EXPORTER_OTLP_PROTOCOL`, otherwise `http/protobuf`. */
    protocol?: 'http/protobuf' | 'grpc' | 'http/json'
    /** Headers (or gRPC metadata) of every export. Otherwise `OTEL_EXPORTER_OTLP_HEADERS`. Never logged. */
    headers?: Readonly<Record<string, string>>
    /** How long one export may take, retries included, in ms. */
    timeoutMs?: number
  }
  export?: {
    /** Longest time in ms that a span or log record waits for its batch. Environment: `AGENTEL_EXPORT_DELAY_MS`. */
    delayMs?: number
    /** Time in ms between two exports of metrics. Environment: `AGENTEL_EXPORT_METRIC_INTERVAL_MS`. */
    metricIntervalMs?: number
  }
  instrumentations?: {
    /** Model SDKs and buses that are hooked when the application loads them. Default: `["ai-sdk","anthropic","bullmq","langchain","mcp","openai","openai-agents"]`. Environment: `AGENTEL_INSTRUMENTATIONS`. */
    include?: readonly ('ai-sdk' | 'anthropic' | 'bullmq' | 'langchain' | 'mcp' | 'openai' | 'openai-agents')[]
  }
  loggers?: {
    /** Loggers whose lines become log records; what they write stays as it is. Default: `["pino","winston"]`. Environment: `AGENTEL_LOGGERS`. */
    include?: readonly ('pino' | 'winston' | 'console')[]
    /** Lines below this level are no records. Default: `"INFO"`. Environment: `AGENTEL_LOGGERS_LEVEL`. */
    level?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
    /** Share of the lines below info that are kept, 0 to 1. Default: `1`. Environment: `AGENTEL_LOGGERS_SAMPLE_DEBUG`. */
    sampleDebug?: number
    /** Share of the lines of info; warnings and errors are always kept that are kept, 0 to 1. Default: `1`. Environment: `AGENTEL_LOGGERS_SAMPLE_INFO`. */
    sampleInfo?: number
  }
  content?: {
    /** Where prompts, completions, tool arguments and results are written. Otherwise `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, otherwise `NO_CONTENT`. */
    capture?: 'NO_CONTENT' | 'SPAN_ONLY' | 'EVENT_ONLY' | 'SPAN_AND_EVENT'
    /** Content on events of agentel is cut at this many characters; its full length stays as a number. Default: `200`. Environment: `AGENTEL_CONTENT_EVENT_LENGTH`. */
    eventLength?: number
    /** Content on one attribute is cut at this many bytes, inside its JSON; its original size stays. Default: `65536`. Environment: `AGENTEL_CONTENT_ATTRIBUTE_BYTES`. */
    attributeBytes?: number
    /** The same for all content of one span together. Default: `262144`. Environment: `AGENTEL_CONTENT_SPAN_BYTES`. */
    spanBytes?: number
    /** Keep the whole content of every model call in files in this folder, unredacted; spans say where. Not set: nothing is kept. Environment: `AGENTEL_CONTENT_FOLDER`. */
    folder?: string
    /** Content on spans as JSON text, or as nested data, which only SDK 3 keeps. Default: `"json"`. Environment: `AGENTEL_CONTENT_SPAN_ENCODING`. */
    spanEncoding?: 'json' | 'structured'
  }
  cost?: {
    /** Path of a JSON or YAML file with own prices, which win over the table. Environment: `AGENTEL_COST_PRICES`. */
    prices?: string
    /** Path or URL of a newer price table; without it none is ever looked for, and never at the start. Environment: `AGENTEL_COST_REFRESH`. */
    refresh?: string
    /** Hours between two looks at it, the first one after so many. Default: `24`. Environment: `AGENTEL_COST_REFRESH_HOURS`. */
    refreshHours?: number
  }
  budgets?: {
    /** Path of a JSON or YAML file with a list of budgets, as the README of @agentel/processor-cost says. Environment: `AGENTEL_BUDGETS_FILE`. */
    file?: string
    /** SQLite file in which spend survives a restart, and which processes of one machine share. Environment: `AGENTEL_BUDGETS_STORE`. */
    store?: string
    /** Redis or Valkey server by which processes of several machines share spend, such as `redis://host:6379`; in place of `store`. Never logged. Environment: `AGENTEL_BUDGETS_SERVER`. */
    server?: string
  }
  metrics?: {
    /** Which generation of metric names is emitted. Default: `"latest"`. Environment: `AGENTEL_METRICS_PROFILE`. */
    profile?: 'latest' | 'v1_41'
    /** Sets of attributes for each metric; what comes after is counted in one row with `otel.metric.overflow`. Default: `2000`. Environment: `AGENTEL_METRICS_MAX_ROWS`. */
    maxRows?: number
    /** Seconds without a span after which a session counts as over. Default: `1800`. Environment: `AGENTEL_METRICS_SESSION_IDLE_SECONDS`. */
    sessionIdleSeconds?: number
    /** Sessions that are watched at a time; the one that has been idle longest ends early to make room, which `agentel.self.dropped` counts. Default: `10000`. Environment: `AGENTEL_METRICS_MAX_SESSIONS`. */
    maxSessions?: number
  }
  identity?: {
    /** Own hosts that may be told user, session and tenant in W3C baggage, such as `*.internal.example`. Never a model provider. Default: `[]`. Environment: `AGENTEL_IDENTITY_ALLOW_HOSTS`. */
    allowHosts?: readonly string[]
    /** Take over the identity that an incoming request carries; `false` for a service that strangers can call. Default: `true`. Environment: `AGENTEL_IDENTITY_ACCEPT`. */
    accept?: boolean
  }
  sampling?: {
    /** Record agent and model spans that the sampler drops, without exporting them, so that metrics count every call. Default: `true`. Environment: `AGENTEL_SAMPLING_EXACT_METRICS`. */
    exactMetrics?: boolean
    /** Spans of one trace that this process exports; the rest is counted in metrics and in `agentel.self.dropped`. Default: `10000`. Environment: `AGENTEL_SAMPLING_MAX_SPANS_PER_TRACE`. */
    maxSpansPerTrace?: number
    /** Which traces are kept when they begin, before `OTEL_TRACES_SAMPLER` is asked: `agent=billing:1`, `http.route=/health:0`, `user=bot-*:10/s`. The first that fits decides. Default: `[]`. Environment: `AGENTEL_SAMPLING_RULES`. */
    rules?: readonly string[]
    /** Export failed and critical agent spans of traces that the sampler drops, without the rest of the trace. Default: `true`. Environment: `AGENTEL_SAMPLING_KEEP_ERRORS`. */
    keepErrors?: boolean
    /** Spans a second that `keepErrors` exports at most; the others are counted in `agentel.self.dropped`. Default: `100`. Environment: `AGENTEL_SAMPLING_KEEP_PER_SECOND`. */
    keepPerSecond?: number
    tail?: {
      /** Decide on whole traces when they end; for one process without a collector. Default: `false`. Environment: `AGENTEL_SAMPLING_TAIL_ENABLED`. */
      enabled?: boolean
      /** Share that is kept of traces without error, anomaly or priority that were neither slow nor costly. Default: `0.1`. Environment: `AGENTEL_SAMPLING_TAIL_SHARE`. */
      share?: number
      /** Traces that took at least as long are kept. Default: `30`. Environment: `AGENTEL_SAMPLING_TAIL_SLOW_SECONDS`. */
      slowSeconds?: number
      /** Traces that cost at least as many US dollars are kept. Default: `0.1`. Environment: `AGENTEL_SAMPLING_TAIL_COST_USD`. */
      costUsd?: number
      /** Traces that wait for their end; beyond, the oldest is decided by what is known, and counted. Default: `1000`. Environment: `AGENTEL_SAMPLING_TAIL_MAX_TRACES`. */
      maxTraces?: number
      /** Bytes that waiting traces may take, roughly. Default: `67108864`. Environment: `AGENTEL_SAMPLING_TAIL_MAX_BYTES`. */
      maxBytes?: number
      /** Seconds after which a trace is decided though it goes on. Default: `300`. Environment: `AGENTEL_SAMPLING_TAIL_WAIT_SECONDS`. */
      waitSeconds?: number
    }
  }
  reconcile?: {
    /** Read spans that other libraries wrote in older or other conventions, so that they count too. Default: `true`. Environment: `AGENTEL_RECONCILE_ENABLED`. */
    enabled?: boolean
    /** Write the messages of such spans under the current names as well; they are there twice then. Default: `false`. Environment: `AGENTEL_RECONCILE_CONTENT`. */
    content?: boolean
  }
  redaction?: {
    /** Take keys, credentials and personal data out of spans and log records before they leave the process. Default: `true`. Environment: `AGENTEL_REDACTION_ENABLED`. */
    enabled?: boolean
    /** What becomes of a finding: `[REDACTED:rule]`, the same with a keyed hash, or nothing at all is left of the attribute. Default: `"mask"`. Environment: `AGENTEL_REDACTION_MODE`. */
    mode?: 'mask' | 'hash' | 'drop'
    /** Key of the hashes, at least 16 characters; needed by the mode `hash`. Never logged. Environment: `AGENTEL_REDACTION_HASH_KEY`. */
    hashKey?: string
    /** Rules that are switched off. Default: `[]`. Environment: `AGENTEL_REDACTION_SKIP_RULES`. */
    skipRules?: readonly ('key' | 'credential' | 'email' | 'phone' | 'card' | 'iban' | 'ssn' | 'ip')[]
    /** More names whose values are secret, such as `employee_number`. Default: `[]`. Environment: `AGENTEL_REDACTION_KEYS`. */
    keys?: readonly string[]
    /** Attributes whose names look secret and are not. Default: `[]`. Environment: `AGENTEL_REDACTION_IGNORE_KEYS`. */
    ignoreKeys?: readonly string[]
    /** Attributes of access level restricted: left out, not masked. Exact names, or a beginning and `*`. Default: `[]`. Environment: `AGENTEL_REDACTION_RESTRICTED`. */
    restricted?: readonly string[]
    /** Only these attributes leave the process, and are still searched. Exact names, or a beginning and `*`. Environment: `AGENTEL_REDACTION_ALLOW`. */
    allow?: readonly string[]
    presidio?: {
      /** Address of a Presidio analyzer that is asked for names, places and other personal data before spans and log records are exported. Nothing of the application waits for it. Environment: `AGENTEL_REDACTION_PRESIDIO_URL`. */
      url?: string
      /** Language of the texts. Default: `"en"`. Environment: `AGENTEL_REDACTION_PRESIDIO_LANGUAGE`. */
      language?: string
      /** Kinds that it looks for, such as `PERSON`, `LOCATION`; by default all that it knows. Environment: `AGENTEL_REDACTION_PRESIDIO_ENTITIES`. */
      entities?: readonly string[]
      /** What it is less certain of is not told, 0 to 1. Default: `0.5`. Environment: `AGENTEL_REDACTION_PRESIDIO_SCORE_THRESHOLD`. */
      scoreThreshold?: number
      /** What its requests carry as `Authorization: Bearer`. Never logged. Environment: `AGENTEL_REDACTION_PRESIDIO_TOKEN`. */
      token?: string
    }
    /** Attributes that slow detectors are asked about; by default those that hold what people and models have said. Exact names, or a beginning and `*`; `body` is the body of a log record. Environment: `AGENTEL_REDACTION_SLOW_ATTRIBUTES`. */
    slowAttributes?: readonly string[]
    /** How long a batch that is about to be exported waits for slow detectors, in ms. Default: `2000`. Environment: `AGENTEL_REDACTION_TIMEOUT_MS`. */
    timeoutMs?: number
    /** What becomes of texts about which slow detectors did not answer in time: they are withheld, or leave. Default: `"withhold"`. Environment: `AGENTEL_REDACTION_UNANSWERED`. */
    unanswered?: 'withhold' | 'pass'
  }
  anomaly?: {
    /** Watch what agents do, and say once when something begins to be wrong and once when it is over. Default: `true`. Environment: `AGENTEL_ANOMALY_ENABLED`. */
    enabled?: boolean
    /** 2 needs half the evidence, 0.5 twice as much. Default: `1`. Environment: `AGENTEL_ANOMALY_SENSITIVITY`. */
    sensitivity?: number
    /** Signals that are not watched, by name. Default: `[]`. Environment: `AGENTEL_ANOMALY_SKIP_SIGNALS`. */
    skipSignals?: readonly string[]
    /** Evidence that single signals need, as a factor: `duration=2` needs twice as much, `silence=0.5` half. Default: `[]`. Environment: `AGENTEL_ANOMALY_STRICTNESS`. */
    strictness?: readonly string[]
    /** Agents that are watched; the one that was quiet longest goes first. Default: `200`. Environment: `AGENTEL_ANOMALY_MAX_AGENTS`. */
    maxAgents?: number
    /** Where what was learned is kept over a restart; used by the main thread alone. Environment: `AGENTEL_ANOMALY_STATE_FILE`. */
    stateFile?: string
  }
  audit?: {
    /** SQLite file to which the events of agents are written, hash-chained; without it nothing is audited. Environment: `AGENTEL_AUDIT_FILE`. */
    file?: string
    /** What a written event survives: `normal` the end of the process, `full` a power cut too. Default: `"normal"`. Environment: `AGENTEL_AUDIT_SYNCHRONOUS`. */
    synchronous?: 'normal' | 'full'
    /** Days that events are kept; without it, for ever. Environment: `AGENTEL_AUDIT_RETENTION_DAYS`. */
    retentionDays?: number
    /** Events that are kept, the newest; without it, all. Environment: `AGENTEL_AUDIT_RETENTION_ROWS`. */
    retentionRows?: number
    /** Severity from which an event is on disk before the application goes on, a millisecond later; without it, none is. Environment: `AGENTEL_AUDIT_DURABLE_FROM`. */
    durableFrom?: 'warn' | 'error' | 'fatal'
    /** Names of the events that are audited; without it, those in the README of @agentel/audit. Environment: `AGENTEL_AUDIT_EVENTS`. */
    events?: readonly string[]
  }
  alerts?: {
    /** Evaluate alert rules in this process, over its own metrics. Leave it off where a console or Prometheus does. Default: `false`. Environment: `AGENTEL_ALERTS_ENABLED`. */
    enabled?: boolean
    /** Path of a YAML file with rules beside the standard ones, as the README of @agentel/alerts says. Environment: `AGENTEL_ALERTS_RULES`. */
    rules?: string
    /** SQLite file in which alerts survive a restart; processes that share it tell of an alert once. Environment: `AGENTEL_ALERTS_STORE`. */
    store?: string
    /** Share of failed model calls above which the standard rule `error-rate` fires. Otherwise the profile says. Environment: `AGENTEL_ALERTS_ERROR_RATE`. */
    errorRate?: number
    /** Time in ms between two evaluations. Default: `15000`. Environment: `AGENTEL_ALERTS_INTERVAL_MS`. */
    intervalMs?: number
  }
  health?: {
    /** Watch how agents and workers are: their state as metrics, its changes as events. Default: `true`. Environment: `AGENTEL_HEALTH_ENABLED`. */
    enabled?: boolean
    /** Port of `/livez`, `/readyz` and `/healthz`; 0 takes any. Without it nothing listens. Environment: `AGENTEL_HEALTH_PORT`. */
    port?: number
    /** Address that it listens on; beyond loopback a token is needed. Default: `"127.0.0.1"`. Environment: `AGENTEL_HEALTH_HOST`. */
    host?: string
    /** What requests must carry as `Authorization: Bearer`, at least 16 characters. Never logged. Environment: `AGENTEL_HEALTH_TOKEN`. */
    token?: string
    /** Addresses without which the process is not ready: a model, an MCP server. Any answer below 500 will do. Default: `[]`. Environment: `AGENTEL_HEALTH_ENDPOINTS`. */
    endpoints?: readonly string[]
    /** Time in ms between two looks. Default: `30000`. Environment: `AGENTEL_HEALTH_INTERVAL_MS`. */
    intervalMs?: number
    /** How far back runs count, in minutes. Default: `60`. Environment: `AGENTEL_HEALTH_WINDOW_MINUTES`. */
    windowMinutes?: number
    /** With fewer runs than this, no share and no percentile is judged. Default: `10`. Environment: `AGENTEL_HEALTH_MINIMUM_RUNS`. */
    minimumRuns?: number
    /** Share of runs that succeed, below which an agent or a worker is degraded. Default: `0.95`. Environment: `AGENTEL_HEALTH_DEGRADED_BELOW`. */
    degradedBelow?: number
    /** The same for unhealthy (a worker: failed). Default: `0.9`. Environment: `AGENTEL_HEALTH_UNHEALTHY_BELOW`. */
    unhealthyBelow?: number
    /** Response time in ms, of a ping and the p95 of model calls, above which an agent is degraded. Default: `5000`. Environment: `AGENTEL_HEALTH_DEGRADED_ABOVE_MS`. */
    degradedAboveMs?: number
    /** The same for unhealthy. Default: `10000`. Environment: `AGENTEL_HEALTH_UNHEALTHY_ABOVE_MS`. */
    unhealthyAboveMs?: number
  }
  logging?: {
    /** File to which log records are appended, beside their export; without it none is written. Environment: `AGENTEL_LOGGING_FILE`. */
    file?: string
    /** Least severity of the records in that file. Default: `"INFO"`. Environment: `AGENTEL_LOGGING_LEVEL`. */
    level?: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
    /** Megabytes after which the file becomes `.1`, the one before `.2`, and so on. Default: `100`. Environment: `AGENTEL_LOGGING_MAX_FILE_SIZE_MB`. */
    maxFileSizeMb?: number
    /** Such older files that are kept; with 0 a full file is begun anew. Default: `5`. Environment: `AGENTEL_LOGGING_BACKUP_COUNT`. */
    backupCount?: number
    /** A line of JSON for each record, or of text. Default: `true`. Environment: `AGENTEL_LOGGING_JSON`. */
    json?: boolean
    /** Say on every record from which file, line and function of the application it comes; about 20 µs each. Default: `false`. Environment: `AGENTEL_LOGGING_CALLER_INFO`. */
    callerInfo?: boolean
  }
  prometheus?: {
    /** Show all metrics at `/metrics` on a port of their own, beside other exporters; as `OTEL_METRICS_EXPORTER=prometheus` does. Default: `false`. Environment: `AGENTEL_PROMETHEUS_ENABLED`. */
    enabled?: boolean
    /** Address to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_HOST`, otherwise `localhost`. */
    host?: string
    /** Port to listen on. Otherwise `OTEL_EXPORTER_PROMETHEUS_PORT`, otherwise 9464. */
    port?: number
  }
  console?: {
    /** Hours that `agentel console` keeps runs and logs. Otherwise those of a profile that is named, else 168. Environment: `AGENTEL_CONSOLE_RETENTION_HOURS`. */
    retentionHours?: number
    /** Hours that it keeps failed runs, and the share of the others that it keeps as long. Default: `720`. Environment: `AGENTEL_CONSOLE_ERROR_RETENTION_HOURS`. */
    errorRetentionHours?: number
    /** Share of the runs that did not fail which it keeps as long as failed ones; by trace id. Default: `0`. Environment: `AGENTEL_CONSOLE_KEEP_SHARE`. */
    keepShare?: number
    /** Hours that it keeps points of metrics. Default: `168`. Environment: `AGENTEL_CONSOLE_METRIC_RETENTION_HOURS`. */
    metricRetentionHours?: number
    /** Minutes between two looks for what is to be deleted. Default: `0.2`. Environment: `AGENTEL_CONSOLE_CLEANUP_INTERVAL_MINUTES`. */
    cleanupIntervalMinutes?: number
  }
  hostMetrics?: {
    /** CPU, memory, disk, network, threads and event loop of this process, from its main thread. Default: `true`. Environment: `AGENTEL_HOST_METRICS_ENABLED`. */
    enabled?: boolean
    /** Name of the agent that has this process for itself: these figures are its own then. Environment: `AGENTEL_HOST_METRICS_AGENT`. */
    agent?: string
  }
  shutdown?: {
    /** Send what is left when the process ends by itself, by SIGTERM or by SIGINT. Default: `true`. Environment: `AGENTEL_SHUTDOWN_FLUSH_ON_EXIT`. */
    flushOnExit?: boolean
    /** How long a flush or a shutdown may take, in ms; what is not sent by then is given up. Default: `5000`. Environment: `AGENTEL_SHUTDOWN_TIMEOUT_MS`. */
    timeoutMs?: number
    /** How long `process.exit()` or an uncaught exception may be held up to send what is left, in ms; 0 sends nothing then. Default: `2000`. Environment: `AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS`. */
    exitTimeoutMs?: number
  }
}

/** The configuration with all its layers merged and the defaults filled in. */
export interface AgentelConfig {
  readonly disabled: boolean
  readonly profile?: 'development' | 'staging' | 'production'
  readonly serviceName?: string
  readonly resourceAttributes?: Readonly<Record<string, string | number | boolean>>
  readonly otlp: {
    readonly endpoint?: string
    readonly protocol?: 'http/protobuf' | 'grpc' | 'http/json'
    readonly headers?: Readonly<Record<string, string>>
    readonly timeoutMs?: number
  }
  readonly export: {
    readonly delayMs?: number
    readonly metricIntervalMs?: number
  }
  readonly instrumentations: {
    readonly include: readonly ('ai-sdk' | 'anthropic' | 'bullmq' | 'langchain' | 'mcp' | 'openai' | 'openai-agents')[]
  }
  readonly loggers: {
    readonly include: readonly ('pino' | 'winston' | 'console')[]
    readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
    readonly sampleDebug: number
    readonly sampleInfo: number
  }
  readonly content: {
    readonly capture?: 'NO_CONTENT' | 'SPAN_ONLY' | 'EVENT_ONLY' | 'SPAN_AND_EVENT'
    readonly eventLength: number
    readonly attributeBytes: number
    readonly spanBytes: number
    readonly folder?: string
    readonly spanEncoding: 'json' | 'structured'
  }
  readonly cost: {
    readonly prices?: string
    readonly refresh?: string
    readonly refreshHours: number
  }
  readonly budgets: {
    readonly file?: string
    readonly store?: string
    readonly server?: string
  }
  readonly metrics: {
    readonly profile: 'latest' | 'v1_41'
    readonly maxRows: number
    readonly sessionIdleSeconds: number
    readonly maxSessions: number
  }
  readonly identity: {
    readonly allowHosts: readonly string[]
    readonly accept: boolean
  }
  readonly sampling: {
    readonly exactMetrics: boolean
    readonly maxSpansPerTrace: number
    readonly rules: readonly string[]
    readonly keepErrors: boolean
    readonly keepPerSecond: number
    readonly tail: {
      readonly enabled: boolean
      readonly share: number
      readonly slowSeconds: number
      readonly costUsd: number
      readonly maxTraces: number
      readonly maxBytes: number
      readonly waitSeconds: number
    }
  }
  readonly reconcile: {
    readonly enabled: boolean
    readonly content: boolean
  }
  readonly redaction: {
    readonly enabled: boolean
    readonly mode: 'mask' | 'hash' | 'drop'
    readonly hashKey?: string
    readonly skipRules: readonly ('key' | 'credential' | 'email' | 'phone' | 'card' | 'iban' | 'ssn' | 'ip')[]
    readonly keys: readonly string[]
    readonly ignoreKeys: readonly string[]
    readonly restricted: readonly string[]
    readonly allow?: readonly string[]
    readonly presidio: {
      readonly url?: string
      readonly language: string
      readonly entities?: readonly string[]
      readonly scoreThreshold: number
      readonly token?: string
    }
    readonly slowAttributes?: readonly string[]
    readonly timeoutMs: number
    readonly unanswered: 'withhold' | 'pass'
  }
  readonly anomaly: {
    readonly enabled: boolean
    readonly sensitivity: number
    readonly skipSignals: readonly string[]
    readonly strictness: readonly string[]
    readonly maxAgents: number
    readonly stateFile?: string
  }
  readonly audit: {
    readonly file?: string
    readonly synchronous: 'normal' | 'full'
    readonly retentionDays?: number
    readonly retentionRows?: number
    readonly durableFrom?: 'warn' | 'error' | 'fatal'
    readonly events?: readonly string[]
  }
  readonly alerts: {
    readonly enabled: boolean
    readonly rules?: string
    readonly store?: string
    readonly errorRate?: number
    readonly intervalMs: number
  }
  readonly health: {
    readonly enabled: boolean
    readonly port?: number
    readonly host: string
    readonly token?: string
    readonly endpoints: readonly string[]
    readonly intervalMs: number
    readonly windowMinutes: number
    readonly minimumRuns: number
    readonly degradedBelow: number
    readonly unhealthyBelow: number
    readonly degradedAboveMs: number
    readonly unhealthyAboveMs: number
  }
  readonly logging: {
    readonly file?: string
    readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
    readonly maxFileSizeMb: number
    readonly backupCount: number
    readonly json: boolean
    readonly callerInfo: boolean
  }
  readonly prometheus: {
    readonly enabled: boolean
    readonly host?: string
    readonly port?: number
  }
  readonly console: {
    readonly retentionHours?: number
    readonly errorRetentionHours: number
    readonly keepShare: number
    readonly metricRetentionHours: number
    readonly cleanupIntervalMinutes: number
  }
  readonly hostMetrics: {
    readonly enabled: boolean
    readonly agent?: string
  }
  readonly shutdown: {
    readonly flushOnExit: boolean
    readonly timeoutMs: number
    readonly exitTimeoutMs: number
  }
}

/** Defaults that differ by profile. */
export const profileDefaults = {
  "development": {
    "export.delayMs": 500,
    "export.metricIntervalMs": 5000,
    "console.retentionHours": 2,
    "alerts.errorRate": 0.1
  },
  "staging": {
    "export.delayMs": 2000,
    "export.metricIntervalMs": 30000,
    "console.retentionHours": 12,
    "alerts.errorRate": 0.1
  },
  "production": {
    "export.delayMs": 5000,
    "export.metricIntervalMs": 60000,
    "console.retentionHours": 48,
    "alerts.errorRate": 0.05
  }
} as const
