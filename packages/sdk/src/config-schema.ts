import { z } from 'zod'
import { anomalySection } from './config-anomaly-section.ts'
import { budgetsSection } from './config-budgets.ts'
import { costSection } from './config-cost-section.ts'
import { consoleSection, prometheusSection } from './config-destinations.ts'
import { healthSection } from './config-health-section.ts'
import { loggersSection } from './config-loggers-section.ts'
import { loggingSection } from './config-logging-section.ts'
import { PROFILE_NAMES } from './config-profiles.ts'
import { redactionSection } from './config-redaction-section.ts'
import { samplingSection } from './config-sampling-section.ts'
import { alertsSection, auditSection } from './config-watch.ts'

/**
 * The one description of the configuration. From it are generated: the options' TypeScript interface, the validator's
 * table, the JSON schema, and the table in docs/configuration.md (`pnpm generate`). It is not loaded when an
 * application starts: zod alone would cost 50 ms of CPU.
 *
 * `env` is the variable of a field. A field without one is for code and the file only. What OpenTelemetry has a
 * variable for keeps that variable: it is read in otel-environment.ts.
 */
export const configSchema = z
  .strictObject({
    disabled: z.boolean().default(false).describe('Hook nothing and send nothing.').meta({ env: 'AGENTEL_DISABLED' }),
    profile: z
      .enum(PROFILE_NAMES)
      .optional()
      .describe(
        'Which set of defaults, and which part of `profiles`, applies where nothing else is said; otherwise `production`. See "Profiles".',
      )
      .meta({ env: 'AGENTEL_PROFILE' }),
    serviceName: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the service; otherwise `OTEL_SERVICE_NAME`, otherwise `unknown_service:node`.'),
    resourceAttributes: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe('More attributes of the resource, over those of `OTEL_RESOURCE_ATTRIBUTES`.'),
    otlp: z
      .strictObject({
        endpoint: z
          .url()
          .optional()
          .describe(
            'Base address of the receiver; `/v1/traces` and so on are added for HTTP. Otherwise `OTEL_EXPORTER_OTLP_ENDPOINT`.',
          ),
        protocol: z
          .enum(['http/protobuf', 'grpc', 'http/json'])
          .optional()
          .describe('Protocol of all signals. Otherwise `OTEL_EXPORTER_OTLP_PROTOCOL`, otherwise `http/protobuf`.'),
        headers: z
          .record(z.string(), z.string())
          .optional()
          .describe(
            'Headers (or gRPC metadata) of every export. Otherwise `OTEL_EXPORTER_OTLP_HEADERS`. Never logged.',
          ),
        timeoutMs: z.int().min(1).optional().describe('How long one export may take, retries included, in ms.'),
      })
      .prefault({}),
    export: z
      .strictObject({
        delayMs: z
          .int()
          .min(0)
          .optional()
          .describe('Longest time in ms that a span or log record waits for its batch.')
          .meta({ env: 'AGENTEL_EXPORT_DELAY_MS' }),
        metricIntervalMs: z
          .int()
          .min(1)
          .optional()
          .describe('Time in ms between two exports of metrics.')
          .meta({ env: 'AGENTEL_EXPORT_METRIC_INTERVAL_MS' }),
      })
      .prefault({}),
    instrumentations: z
      .strictObject({
        include: z
          .array(z.enum(['ai-sdk', 'anthropic', 'bullmq', 'langchain', 'mcp', 'openai', 'openai-agents']))
          .default(['ai-sdk', 'anthropic', 'bullmq', 'langchain', 'mcp', 'openai', 'openai-agents'])
          .describe('Model SDKs and buses that are hooked when the application loads them.')
          .meta({ env: 'AGENTEL_INSTRUMENTATIONS' }),
      })
      .prefault({}),
    loggers: loggersSection,
    content: z
      .strictObject({
        capture: z
          .enum(['NO_CONTENT', 'SPAN_ONLY', 'EVENT_ONLY', 'SPAN_AND_EVENT'])
          .optional()
          .describe(
            'Where prompts, completions, tool arguments and results are written. Otherwise `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, otherwise `NO_CONTENT`.',
          ),
        eventLength: z
          .int()
          .min(0)
          .default(200)
          .describe('Content on events of agentel is cut at this many characters; its full length stays as a number.')
          .meta({ env: 'AGENTEL_CONTENT_EVENT_LENGTH' }),
        attributeBytes: z
          .int()
          .min(0)
          .default(65_536)
          .describe('Content on one attribute is cut at this many bytes, inside its JSON; its original size stays.')
          .meta({ env: 'AGENTEL_CONTENT_ATTRIBUTE_BYTES' }),
        spanBytes: z
          .int()
          .min(0)
          .default(262_144)
          .describe('The same for all content of one span together.')
          .meta({ env: 'AGENTEL_CONTENT_SPAN_BYTES' }),
        folder: z
          .string()
          .optional()
          .describe(
            'Keep the whole content of every model call in files in this folder, unredacted; spans say where. Not set: nothing is kept.',
          )
          .meta({ env: 'AGENTEL_CONTENT_FOLDER' }),
        spanEncoding: z
          .enum(['json', 'structured'])
          .default('json')
          .describe('Content on spans as JSON text, or as nested data, which only SDK 3 keeps.')
          .meta({ env: 'AGENTEL_CONTENT_SPAN_ENCODING' }),
      })
      .prefault({}),
    cost: costSection,
    budgets: budgetsSection,
    metrics: z
      .strictObject({
        profile: z
          .enum(['latest', 'v1_41'])
          .default('latest')
          .describe('Which generation of metric names is emitted.')
          .meta({ env: 'AGENTEL_METRICS_PROFILE' }),
        maxRows: z
          .int()
          .min(1)
          .default(2000)
          .describe(
            'Sets of attributes for each metric; what comes after is counted in one row with `otel.metric.overflow`.',
          )
          .meta({ env: 'AGENTEL_METRICS_MAX_ROWS' }),
        sessionIdleSeconds: z
          .number()
          .min(1)
          .default(1800)
          .describe('Seconds without a span after which a session counts as over.')
          .meta({ env: 'AGENTEL_METRICS_SESSION_IDLE_SECONDS' }),
        maxSessions: z
          .int()
          .min(1)
          .default(10_000)
          .describe(
            'Sessions that are watched at a time; the one that has been idle longest ends early to make room, which `agentel.self.dropped` counts.',
          )
          .meta({ env: 'AGENTEL_METRICS_MAX_SESSIONS' }),
      })
      .prefault({}),
    identity: z
      .strictObject({
        allowHosts: z
          .array(z.string())
          .default([])
          .describe(
            'Own hosts that may be told user, session and tenant in W3C baggage, such as `*.internal.example`. Never a model provider.',
          )
          .meta({ env: 'AGENTEL_IDENTITY_ALLOW_HOSTS' }),
        accept: z
          .boolean()
          .default(true)
          .describe(
            'Take over the identity that an incoming request carries; `false` for a service that strangers can call.',
          )
          .meta({ env: 'AGENTEL_IDENTITY_ACCEPT' }),
      })
      .prefault({}),
    sampling: samplingSection,
    reconcile: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('Read spans that other libraries wrote in older or other conventions, so that they count too.')
          .meta({ env: 'AGENTEL_RECONCILE_ENABLED' }),
        content: z
          .boolean()
          .default(false)
          .describe('Write the messages of such spans under the current names as well; they are there twice then.')
          .meta({ env: 'AGENTEL_RECONCILE_CONTENT' }),
      })
      .prefault({}),
    redaction: redactionSection,
    anomaly: anomalySection,
    audit: auditSection,
    alerts: alertsSection,
    health: healthSection,
    logging: loggingSection,
    prometheus: prometheusSection,
    console: consoleSection,
    hostMetrics: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('CPU, memory, disk, network, threads and event loop of this process, from its main thread.')
          .meta({ env: 'AGENTEL_HOST_METRICS_ENABLED' }),
        agent: z
          .string()
          .min(1)
          .optional()
          .describe('Name of the agent that has this process for itself: these figures are its own then.')
          .meta({ env: 'AGENTEL_HOST_METRICS_AGENT' }),
      })
      .prefault({}),
    shutdown: z
      .strictObject({
        flushOnExit: z
          .boolean()
          .default(true)
          .describe('Send what is left when the process ends by itself, by SIGTERM or by SIGINT.')
          .meta({ env: 'AGENTEL_SHUTDOWN_FLUSH_ON_EXIT' }),
        timeoutMs: z
          .int()
          .min(1)
          .default(5000)
          .describe('How long a flush or a shutdown may take, in ms; what is not sent by then is given up.')
          .meta({ env: 'AGENTEL_SHUTDOWN_TIMEOUT_MS' }),
        exitTimeoutMs: z
          .int()
          .min(0)
          .max(10_000)
          .default(2000)
          .describe(
            'How long `process.exit()` or an uncaught exception may be held up to send what is left, in ms; 0 sends nothing then.',
          )
          .meta({ env: 'AGENTEL_SHUTDOWN_EXIT_TIMEOUT_MS' }),
      })
      .prefault({}),
  })
  .describe(
    'Options of `startAgentel`, the `AGENTEL_*` environment, and the file section `instrumentation/development.js.agentel`.',
  )
