/** Which events about a span are in which file already: for as long as anybody holds the span. */
const told = new WeakMap<object, Set<string>>()

function keyOf(file: string, event: string): string {
  return `${event} ${file}`
}

/** Notes that an event about this span was written from a log record. */
export function noteTold(span: object, file: string, event: string): void {
  const events = told.get(span)
  if (events === undefined) told.set(span, new Set([keyOf(file, event)]))
  else events.add(keyOf(file, event))
}

/** Whether an event about this span is in the file already. */
export function isTold(span: object, file: string, event: string): boolean {
  return told.get(span)?.has(keyOf(file, event)) === true
}
