/** The structure that Weaver's registry format definition/2 asks of a file, as far as we use it. */

type Fields = Record<string, unknown>

const topLevel = ['file_format', 'imports', 'attributes', 'attribute_groups', 'spans', 'metrics', 'events', 'entities']
const refinements = ['span_refinements', 'metric_refinements', 'event_refinements', 'entity_refinements']
const scalarTypes = ['string', 'int', 'double', 'boolean']
const types = new Set([
  ...scalarTypes,
  ...scalarTypes.map((type) => `${type}[]`),
  ...scalarTypes.map((type) => `template[${type}]`),
  'any',
])
const levels = new Set(['required', 'recommended', 'opt_in', 'conditionally_required'])
const stabilities = new Set(['development', 'alpha', 'beta', 'release_candidate', 'stable'])
const instruments = new Set(['counter', 'updowncounter', 'gauge', 'histogram'])
const spanKinds = new Set(['client', 'server', 'producer', 'consumer', 'internal'])
const reasons = new Set(['renamed', 'obsoleted', 'uncategorized'])
const severities = new Set(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'])
/** Every field that a definition may have. */
const commonFields = ['brief', 'note', 'stability', 'deprecated', 'annotations']
const signalFields = [...commonFields, 'attributes', 'entity_associations', 'requirement_level']
const referenceFields = [
  'ref',
  'requirement_level',
  'brief',
  'note',
  'examples',
  'stability',
  'deprecated',
  'annotations',
]
const nameForm = /^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)*$/

/** What is wrong with one file of the registry, one sentence each. */
export function validateFile(file: string, document: Fields): string[] {
  const findings: string[] = []
  const say = (where: string, what: string): void => void findings.push(`${file}: ${where}: ${what}`)
  if (file === 'manifest.yaml') {
    for (const key of ['schema_url', 'description', 'stability'])
      if (typeof document[key] !== 'string') say('manifest', `${key} is missing`)
    return findings
  }
  if (document['file_format'] !== 'definition/2') say('file', 'file_format must be definition/2')
  for (const key of Object.keys(document))
    if (!topLevel.includes(key) && !refinements.includes(key)) say('file', `unknown key ${key}`)
  for (const attribute of list(document, 'attributes')) validateAttribute(attribute, say)
  for (const group of list(document, 'attribute_groups')) validateGroup(group, say)
  for (const span of list(document, 'spans')) validateSpan(span, say)
  for (const metric of list(document, 'metrics')) validateMetric(metric, say)
  for (const event of list(document, 'events')) validateEvent(event, say)
  for (const refinement of list(document, 'span_refinements')) {
    const where = `refinement ${refinement['id']}`
    if (typeof refinement['ref'] !== 'string') say(where, 'ref is missing')
    validateFields(where, refinement, [...signalFields, 'id', 'ref', 'name'], say)
    validateReferences(where, refinement, say, ['sampling_relevant'])
  }
  return findings
}

type Say = (where: string, what: string) => void

function list(document: Fields, key: string): Fields[] {
  return (document[key] as Fields[] | undefined) ?? []
}

function validateCommon(where: string, fields: Fields, say: Say): void {
  if (typeof fields['brief'] !== 'string' || fields['brief'] === '') say(where, 'brief is missing')
  if (!stabilities.has(String(fields['stability']))) say(where, `stability ${fields['stability']} is unknown`)
  const deprecated = fields['deprecated'] as Fields | undefined
  if (deprecated === undefined) return
  if (!reasons.has(String(deprecated['reason']))) say(where, `deprecation reason ${deprecated['reason']} is unknown`)
  if (deprecated['reason'] === 'renamed' && typeof deprecated['renamed_to'] !== 'string')
    say(where, 'renamed_to is missing')
}

function validateAttribute(attribute: Fields, say: Say): void {
  const where = `attribute ${attribute['key']}`
  validateFields(where, attribute, [...commonFields, 'key', 'type', 'examples'], say)
  if (!nameForm.test(String(attribute['key']))) say(where, 'key is not dotted snake_case')
  validateCommon(where, attribute, say)
  const { type } = attribute
  if (typeof type === 'string') {
    if (!types.has(type)) say(where, `type ${type} is unknown`)
    if (type !== 'any' && type !== 'boolean' && !Array.isArray(attribute['examples']))
      say(where, 'examples are missing')
    return
  }
  const members = (type as Fields | undefined)?.['members'] as Fields[] | undefined
  if (!Array.isArray(members) || members.length === 0) return say(where, 'type has no members')
  for (const member of members) {
    if (!/^[a-z][a-z0-9_]*$/.test(String(member['id']))) say(where, `member id ${member['id']} is not snake_case`)
    if (member['value'] === undefined) say(where, `member ${member['id']} has no value`)
    if (!stabilities.has(String(member['stability']))) say(where, `member ${member['id']} has no stability`)
  }
  const values = members.map((member) => member['value'])
  if (new Set(values).size !== values.length) say(where, 'two members have the same value')
}

function validateGroup(group: Fields, say: Say): void {
  const where = `group ${group['id']}`
  const fields = ['id', 'visibility', 'attributes']
  validateFields(where, group, group['visibility'] === 'public' ? [...fields, ...commonFields] : fields, say)
  if (!['internal', 'public'].includes(String(group['visibility']))) say(where, 'visibility must be internal or public')
  validateReferences(where, group, say)
}

function validateSpan(span: Fields, say: Say): void {
  const where = `span ${span['type']}`
  validateFields(where, span, [...signalFields, 'type', 'kind', 'name'], say)
  if (!nameForm.test(String(span['type']))) say(where, 'type is not dotted snake_case')
  if (!spanKinds.has(String(span['kind']))) say(where, `kind ${span['kind']} is unknown`)
  if (typeof (span['name'] as Fields | undefined)?.['note'] !== 'string') say(where, 'name.note is missing')
  validateCommon(where, span, say)
  validateReferences(where, span, say, ['sampling_relevant'])
}

function validateMetric(metric: Fields, say: Say): void {
  const where = `metric ${metric['name']}`
  validateFields(where, metric, [...signalFields, 'name', 'instrument', 'unit'], say)
  if (!nameForm.test(String(metric['name']))) say(where, 'name is not dotted snake_case')
  if (!instruments.has(String(metric['instrument']))) say(where, `instrument ${metric['instrument']} is unknown`)
  if (typeof metric['unit'] !== 'string' || metric['unit'] === '') say(where, 'unit is missing')
  const generation = (metric['annotations'] as Fields | undefined)?.['code_generation'] as Fields | undefined
  if (!['int', 'double'].includes(String(generation?.['metric_value_type']))) say(where, 'metric_value_type is missing')
  const buckets = generation?.['explicit_bucket_boundaries'] as number[] | undefined
  if (metric['instrument'] !== 'histogram' && buckets !== undefined) say(where, 'only a histogram has buckets')
  if (buckets?.some((bound, index) => index > 0 && bound <= buckets[index - 1]!)) say(where, 'buckets do not rise')
  validateCommon(where, metric, say)
  validateReferences(where, metric, say)
}

function validateEvent(event: Fields, say: Say): void {
  const where = `event ${event['name']}`
  validateFields(where, event, [...signalFields, 'name'], say)
  if (!nameForm.test(String(event['name']))) say(where, 'name is not dotted snake_case')
  const generation = (event['annotations'] as Fields | undefined)?.['code_generation'] as Fields | undefined
  const severity = generation?.['severity']
  if (severity !== undefined && !severities.has(String(severity))) say(where, `severity ${String(severity)} is unknown`)
  validateCommon(where, event, say)
  validateReferences(where, event, say)
}

function validateFields(where: string, fields: Fields, allowed: readonly string[], say: Say): void {
  for (const field of Object.keys(fields)) if (!allowed.includes(field)) say(where, `${field} is not allowed here`)
}

/** `extra`: what only the references of spans may have. */
function validateReferences(where: string, owner: Fields, say: Say, extra: readonly string[] = []): void {
  const references = owner['attributes']
  if (!Array.isArray(references)) return say(where, 'attributes are missing')
  for (const reference of references as Fields[]) {
    if ((reference['ref'] === undefined) === (reference['ref_group'] === undefined))
      say(where, 'a reference needs ref or ref_group')
    const allowed = reference['ref'] === undefined ? ['ref_group'] : [...referenceFields, ...extra]
    validateFields(`${where}, ${String(reference['ref'] ?? reference['ref_group'])}`, reference, allowed, say)
    validateLevel(where, reference['requirement_level'], say)
  }
}

function validateLevel(where: string, level: unknown, say: Say): void {
  if (level === undefined) return
  const word = typeof level === 'string' ? level : Object.keys(level as Fields)[0]
  if (!levels.has(String(word))) say(where, `requirement level ${word} is unknown`)
  if (level === 'conditionally_required') say(where, 'conditionally_required needs its condition')
}
