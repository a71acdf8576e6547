import { read } from '@agentel/dialects'
import type { AttributeMap } from '../api/contract.ts'
import { plainAttributes } from '../otlp/attributes.ts'
import type { OtlpObject } from '../otlp/decode.ts'

/** A decoded span's attributes in the current names, and the convention that they were written in when it is another. */
export function currentNames(
  span: OtlpObject,
  scope: string,
): { readonly attributes: AttributeMap; readonly dialect: string | null } {
  const attributes = plainAttributes(span.attributes)
  const events = ((span.events ?? []) as OtlpObject[]).map((event) => ({
    name: String(event.name ?? ''),
    attributes: plainAttributes(event.attributes),
  }))
  const reading = read({ name: String(span.name ?? ''), scope, attributes, events })
  if (reading.dialect === 'latest' || reading.dialect === 'other') return { attributes, dialect: null }
  return { attributes: reading.attributes as AttributeMap, dialect: reading.dialect }
}
