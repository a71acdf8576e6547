import { userInfo } from 'node:os'
import type { AlertHistory, AlertList, IncidentReport } from '@agentel/console'
import { command, group, type Verb } from '../frame/command-line.ts'
import { EXIT, type Colour, type Output } from '../frame/output.ts'
import { askConsole, consoleAddress, type SourceArguments, sourceArgs, withSource } from '../frame/source.ts'
import { oneLine, printTable } from '../frame/text-table.ts'
import { UsageError } from '../frame/usage-error.ts'

const COLOURS: Readonly<Record<string, Colour>> = { critical: 'red', error: 'red', warning: 'yellow', info: 'dim' }
const rounded = (value: number): string => String(Number(value.toPrecision(4)))

function evaluatorLine({ evaluator }: AlertList): string {
  if (evaluator === null) return 'Nothing is evaluated: this is a file. Start a console for that.'
  const channels = evaluator.channels.length === 0 ? 'nobody' : evaluator.channels.join(', ')
  return `Evaluated by the console every ${evaluator.interval / 1000} s; told: ${channels}.`
}

async function print(list: AlertList, output: Output): Promise<void> {
  const { age } = await import('@agentel/console/format')
  if (list.alerts.length === 0) output.line('No alert is open.')
  else
    printTable(
      [
        { title: 'severity' },
        { title: 'state' },
        { title: 'since' },
        { title: 'value', align: 'right' },
        { title: 'threshold', align: 'right' },
        { title: 'alert' },
      ],
      list.alerts.map((alert) => [
        output.paint(COLOURS[alert.severity]!, alert.severity),
        alert.acknowledged === undefined ? alert.state : `${alert.state} by ${oneLine(alert.acknowledged.by, 20)}`,
        age(alert.startedAt, Date.now()),
        rounded(alert.value),
        alert.threshold === undefined ? '-' : rounded(alert.threshold),
        `${oneLine(alert.id, 80)}  ${output.paint('dim', oneLine(alert.summary ?? '', 60))}`,
      ]),
      output,
    )
  for (const { id, rule, until, by } of list.silences)
    output.line(`${id}: ${rule ?? 'all rules'} silent until ${new Date(until).toISOString()}, by ${oneLine(by, 30)}`)
  for (const [rule, fault] of Object.entries(list.summary.faults))
    output.line(output.paint('yellow', `${rule} cannot be evaluated: ${oneLine(fault)}`))
  if (list.deadLetters.length > 0)
    output.line(output.paint('yellow', `${list.deadLetters.length} notifications reached nobody; --json lists them`))
  output.line(output.paint('dim', evaluatorLine(list)))
}

const list: Verb = (output) =>
  command({
    name: 'list',
    description: 'Open alerts, and who evaluates them',
    args: sourceArgs,
    examples: [["agentel alerts list --json | jq '.alerts[].id'", 'their ids, for a script']],
    run: (args) =>
      withSource(args, async (source) => {
        const found = await source.get<AlertList>('/api/alerts')
        if (args.json) output.line(JSON.stringify(found, null, 2))
        else await print(found, output)
        return EXIT.ok
      }),
  })

const history: Verb = (output) =>
  command({
    name: 'history',
    description: 'Changes, the newest first',
    args: { limit: { type: 'string', description: 'At most so many, up to 500', default: '50' }, ...sourceArgs },
    examples: [['agentel alerts history --limit 10', 'what changed last']],
    run: (args) =>
      withSource(args, async (source) => {
        const { changes } = await source.get<AlertHistory>('/api/alerts/history', { limit: args.limit })
        if (args.json) output.line(JSON.stringify(changes, null, 2))
        else
          printTable(
            [{ title: 'time' }, { title: 'state' }, { title: 'by' }, { title: 'alert' }],
            changes.map(({ alert, actor, at }) => [
              new Date(at).toISOString(),
              alert.state,
              oneLine(actor, 20),
              oneLine(alert.id),
            ]),
            output,
          )
        return EXIT.ok
      }),
  })

const idArg = {
  alert: { type: 'positional', description: 'Its id, as agentel alerts prints it', required: true },
} as const
const byArg = { by: { type: 'string', description: 'Who does it (default: the user of this machine)' } } as const
const whereArgs = { url: sourceArgs.url, token: sourceArgs.token, json: sourceArgs.json } as const

async function post<T>(args: SourceArguments, path: string, body: object): Promise<T> {
  const { url, headers } = consoleAddress(args)
  const init = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  return (await (await askConsole(url + path, init)).json()) as T
}

type Examples = readonly (readonly [line: string, what: string])[]

function deed(name: string, description: string, path: string, done: string, examples: Examples): Verb {
  return (output) =>
    command({
      name,
      description,
      args: { ...idArg, ...byArg, ...whereArgs },
      examples,
      async run(args) {
        const body = { id: args.alert, by: args.by ?? userInfo().username }
        const answer = await post<{ done: boolean }>(args, path, body)
        if (args.json) output.line(JSON.stringify(answer))
        else
          output.line(
            answer.done ? `${oneLine(args.alert)} ${done}.` : `No open alert is called ${oneLine(args.alert)}.`,
          )
        return answer.done ? EXIT.ok : EXIT.problem
      },
    })
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function untilOf(text: string): number {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) throw new UsageError(`--for is "${text}"; give 30m, 2h or 1d`)
  return Date.now() + Number(amount) * UNITS[unit]!
}

const silence: Verb = (output) =>
  command({
    name: 'silence',
    description: 'Tell nobody of a rule for a while',
    args: {
      rule: { type: 'positional', description: 'Name of the rule; without it, all rules', required: false },
      for: { type: 'string', description: 'How long: 30m, 2h, 1d', default: '1h' },
      reason: { type: 'string', description: 'Why' },
      ...byArg,
      ...whereArgs,
    },
    examples: [
      ['agentel alerts silence cost-hourly --for 2h --reason "load test"', 'one rule, for two hours'],
      ['agentel alerts silence --for 30m', 'all of them'],
    ],
    async run(args) {
      const made = await post<{ id: string; until: number }>(args, '/api/alerts/silences', {
        rule: args.rule,
        until: untilOf(args.for),
        by: args.by ?? userInfo().username,
        reason: args.reason,
      })
      if (args.json) output.line(JSON.stringify(made))
      else output.line(`${made.id}: silent until ${new Date(made.until).toISOString()}.`)
      return EXIT.ok
    },
  })

const incident: Verb = (output) =>
  command({
    name: 'incident',
    description: 'The report of one alert, as Markdown: time line, failed runs, actions taken',
    args: { ...idArg, ...sourceArgs },
    examples: [['agentel alerts incident errors-many > incident.md', 'to hand on']],
    run: (args) =>
      withSource(args, async (source) => {
        const report = await source.get<IncidentReport>('/api/alerts/incident', { id: args.alert })
        output.line(args.json ? JSON.stringify(report, null, 2) : report.markdown.trimEnd())
        return EXIT.ok
      }),
  })

export const alerts: Verb = (output) =>
  group(
    { name: 'alerts', description: 'Open alerts: list, acknowledge, resolve, silence, report' },
    {
      list: list(output),
      history: history(output),
      acknowledge: deed(
        'acknowledge',
        'Say that somebody looks after it',
        '/api/alerts/acknowledge',
        'is acknowledged',
        [['agentel alerts acknowledge errors-many --by ann', 'ann looks after it']],
      )(output),
      resolve: deed('resolve', 'Close it', '/api/alerts/resolve', 'is resolved', [
        ['agentel alerts resolve errors-many', 'by the user of this machine'],
      ])(output),
      silence: silence(output),
      incident: incident(output),
    },
    {
      otherwise: 'list',
      examples: [
        ['agentel alerts', 'what is open, and who is told'],
        ['agentel alerts acknowledge errors-many', 'somebody looks after it'],
      ],
    },
  )
