import { command, group, type Verb } from '../frame/command-line.ts'
import { EXIT } from '../frame/output.ts'
import { printTable } from '../frame/text-table.ts'

const fileArg = {
  file: { type: 'positional', description: 'A YAML file of rules beside the standard ones', required: false },
} as const

const list: Verb = (output) =>
  command({
    name: 'list',
    description: 'The rules that hold: the standard ones and those of a file; says what is wrong with the file',
    examples: [['agentel rules list rules.yaml', 'ends with 1 when something is wrong in the file']],
    args: { ...fileArg, json: { type: 'boolean', description: 'Print JSON instead of text', default: false } },
    async run(args) {
      const { readRules } = await import('@agentel/alerts')
      const rules = readRules(args.file)
      if (args.json) output.line(JSON.stringify(rules, null, 2))
      else
        printTable(
          [{ title: 'severity' }, { title: 'rule' }, { title: 'what' }],
          rules.map(({ severity, name, summary }) => [severity, name, summary ?? '']),
          output,
        )
      return EXIT.ok
    },
  })

const prometheus: Verb = (output) =>
  command({
    name: 'prometheus',
    description: 'The same rules as a rule file of Prometheus',
    args: fileArg,
    examples: [['agentel rules prometheus rules.yaml > agentel.rules.yml', 'then name it in prometheus.yml']],
    async run(args) {
      const { prometheusRules, readRules } = await import('@agentel/alerts')
      output.line(prometheusRules(readRules(args.file)).trimEnd())
      return EXIT.ok
    },
  })

export const rules: Verb = (output) =>
  group(
    { name: 'rules', description: 'Alert rules: check and list them, render them for Prometheus' },
    { list: list(output), prometheus: prometheus(output) },
    {
      otherwise: 'list',
      examples: [
        ['agentel rules', 'the standard ones'],
        ['agentel rules prometheus rules.yaml > agentel.rules.yml', 'the same for Prometheus'],
      ],
    },
  )
