import { isLoopback } from '@agentel/health'
import { configFields, resolveSettings, StartError, type Settings } from '@agentel/sdk/settings'
import type { Check } from './check.ts'

const subject = 'configuration'

/** Variables that start with AGENTEL_ and mean nothing: a misspelling is otherwise never noticed. */
function unknownVariables(env: NodeJS.ProcessEnv): Check[] {
  const known = new Set(configFields.flatMap(({ env: name }) => (name === undefined ? [] : [name])))
  return Object.keys(env)
    .filter((name) => name.startsWith('AGENTEL_') && !known.has(name))
    .map((name) => ({
      subject,
      verdict: 'warning',
      found: `${name} is no variable of agentel`,
      advice: 'see docs/configuration.md',
    }))
}

function samplingChecks({ config, otel }: Settings): Check[] {
  const { sampler } = otel
  const root = sampler.name === 'parentbased' ? sampler.root : sampler
  const drops = root.name === 'always_off' || (root.name === 'traceidratio' && root.ratio < 1)
  if (!drops) return []
  return config.sampling.exactMetrics
    ? [{ subject: 'sampling', verdict: 'ok', found: 'calls that the sampler drops are counted all the same' }]
    : [
        {
          subject: 'sampling',
          verdict: 'warning',
          found: 'calls that the sampler drops are not counted: sampling.exactMetrics is off',
          advice: 'AGENTEL_SAMPLING_EXACT_METRICS=true',
        },
      ]
}

/** Who evaluates alert rules: two of them would tell everything twice. */
function alertChecks({ config: { alerts, audit } }: Settings): Check[] {
  const about = { subject: 'alerts', verdict: 'ok' } as const
  const evaluator: Check = alerts.enabled
    ? {
        ...about,
        found: `evaluated in this process, ${alerts.rules ?? 'standard rules'}; ${alerts.store === undefined ? 'forgotten at its end' : `kept in ${alerts.store}`}`,
        advice: 'a console evaluates too, over all that it receives: give channels to one of them only',
      }
    : {
        ...about,
        found: 'not evaluated in this process; a console that receives its metrics does, or Prometheus',
        advice: 'agentel alerts list asks the console; agentel rules prometheus renders the rules',
      }
  const audited = audit.file === undefined ? 'nothing is audited' : `written to ${audit.file}`
  return [evaluator, { subject: 'audit', verdict: 'ok', found: audited }]
}

/** Whether, and whom, the process tells how it is. */
function healthCheck({ config: { health } }: Settings): Check {
  const subject = 'health'
  if (!health.enabled) return { subject, verdict: 'note', found: 'nobody looks how agents and workers are' }
  if (health.port === undefined) {
    const found = 'agents and workers are watched; no endpoint for Kubernetes listens'
    return {
      subject,
      verdict: 'ok',
      found,
      advice: 'AGENTEL_HEALTH_PORT names a port for /livez, /readyz and /healthz',
    }
  }
  if (health.token === undefined && !isLoopback(health.host)) {
    const found = `${health.host} can be reached from other machines, and no token is set: the application will not start`
    return { subject, verdict: 'failure', found, advice: 'AGENTEL_HEALTH_TOKEN, or AGENTEL_HEALTH_HOST=127.0.0.1' }
  }
  const { length } = health.endpoints
  const found = `/livez, /readyz and /healthz on ${health.host}:${health.port}; ready with ${length === 1 ? 'one endpoint' : `${length} endpoints`}`
  return { subject, verdict: 'ok', found }
}

/** Whether a start would take this environment; and if so, what it would go by. */
export function checkSettings(env: NodeJS.ProcessEnv): { checks: Check[]; settings?: Settings } {
  let settings: Settings
  try {
    settings = resolveSettings({}, env)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return {
      checks: [{ subject, verdict: 'failure', found: error.message, advice: 'the application will not start with it' }],
    }
  }
  const { config, otel } = settings
  const off = config.disabled || otel.disabled
  return {
    settings,
    checks: [
      off
        ? { subject, verdict: 'warning', found: 'agentel is disabled: nothing will be hooked' }
        : { subject, verdict: 'ok', found: `right; profile ${config.profile ?? 'production'}` },
      ...unknownVariables(env),
      ...samplingChecks(settings),
      ...alertChecks(settings),
      healthCheck(settings),
    ],
  }
}
