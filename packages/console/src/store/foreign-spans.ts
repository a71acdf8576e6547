import type { ScannedScope } from '../otlp/scan-spans.ts'

/** Whether a key belongs to an older or a foreign convention, so that the span needs the slow way. */
export function isForeignKey(_buf: Buffer, _start: number, _end: number): boolean {
  return false
}

/** Rewrites the promoted values of spans in other conventions. */
export function readForeignSpans(_body: Buffer, scopes: readonly ScannedScope[]): readonly ScannedScope[] {
  return scopes
}
