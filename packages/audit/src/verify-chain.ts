import type { DatabaseSync } from 'node:sqlite'
import { type ChainPoint, readMark } from './append-rows.ts'
import { ERASED_EVENT, PRUNED_EVENT } from './audit-event.ts'
import { type ErasableContent, hashContent, hex } from './chain.ts'
import { type StoredRow, originalSequence } from './original-sequence.ts'
import { parsePayload } from './parse-payload.ts'

/** What is wrong with a row. */
export type TamperKind = 'changed' | 'removed' | 'inserted' | 'reordered' | 'truncated'

/** One thing that is wrong: what, with which rows, and in words. */
export interface TamperFinding {
  readonly kind: TamperKind
  /** The first and the last row that it is about. */
  readonly first: number
  readonly last: number
  readonly message: string
}

/** What verifying found. */
export interface Verification {
  readonly ok: boolean
  /** In the order of the rows; reading ends at the hundredth. */
  readonly findings: readonly TamperFinding[]
  /** Rows that were read. */
  readonly rows: number
  /** Rows whose content was erased, as a record of the log says. */
  readonly erased: number
  /** The last row. */
  readonly head: { readonly sequence: number; readonly hash: string }
}

/** What verifying may know beside the file. */
export interface VerifyOptions {
  /** What an earlier `flush` or `verify` gave as the end: rows up to there must be there, unchanged. */
  readonly expected?: { readonly sequence: number; readonly hash: string }
}

const MAX_FINDINGS = 100

/**
 * Reads the whole chain, row by row, and says what is wrong with it.
 * @internal
 */
export function verifyChain(db: DatabaseSync, { expected }: VerifyOptions): Verification {
  // One transaction: rows that another process appends meanwhile are not in this picture.
  db.exec('BEGIN')
  try {
    const walk = new ChainWalk(db, expected)
    const rows = db.prepare(`SELECT entries.*, entries.content_hash AS contentHash, contents.salt, contents.payload
      FROM entries LEFT JOIN contents USING (sequence) ORDER BY sequence`)
    // A number that was tampered with may be too large for a number here; its hash then does not fit.
    rows.setReadBigInts(true)
    for (const row of rows.iterate()) {
      const [sequence, time, severity] = [Number(row['sequence']), Number(row['time']), Number(row['severity'])]
      walk.visit({ ...row, sequence, time, severity } as unknown as StoredRow & Content)
      if (walk.isFull) break // Looking for where a row came from takes long; nobody needs it of a million rows.
    }
    return walk.finish()
  } finally {
    db.exec('COMMIT')
  }
}

type Content = Partial<ErasableContent> & { readonly salt: Uint8Array | null; readonly payload: string | null }

/** Follows the chain: which row must be next, which hash it must name, and which rows it has seen out of their order. */
class ChainWalk {
  readonly #db: DatabaseSync
  readonly #expected: VerifyOptions['expected']
  readonly #findings: TamperFinding[] = []
  readonly #erasures: readonly (readonly [number, number])[]
  readonly #displaced = new Set<number>()
  #next: number
  #previous: Uint8Array
  #last: ChainPoint
  #shift = 0
  #rows = 0
  #erased = 0

  constructor(db: DatabaseSync, expected: VerifyOptions['expected']) {
    this.#db = db
    this.#expected = expected
    const anchor = readMark(db, 'anchor')
    this.#erasures = attributesOf(db, ERASED_EVENT)
      .flatMap(({ sequences }) => sequences)
      .filter((range): range is [number, number] => Array.isArray(range))
    this.#last = anchor
    this.#next = anchor.sequence + 1
    this.#previous = anchor.hash
    if (anchor.sequence > 0 && !isVouched(db, anchor))
      this.#find('removed', 1, anchor.sequence, 'no record of the log says that they were pruned')
  }

  get isFull(): boolean {
    return this.#findings.length >= MAX_FINDINGS
  }

  visit(row: StoredRow & Content): void {
    this.#rows++
    const original = originalSequence(row, this.#shift, this.#db)
    if (original === undefined) this.#visitChanged(row)
    else this.#visitOriginal(row, original)
    this.#visitContent(row)
    this.#last = row
    if (this.#expected?.sequence === row.sequence && this.#expected.hash !== hex(row.hash))
      this.#find('changed', row.sequence, row.sequence, 'it is not the row that the expected end names')
  }

  finish(): Verification {
    const { sequence, hash } = this.#last
    const head = readMark(this.#db, 'head')
    const end = Math.max(head.sequence, this.#expected?.sequence ?? 0)
    if (end > sequence) this.#find('truncated', sequence + 1, end, 'the log ends before them')
    else if (head.sequence < sequence)
      this.#find('inserted', head.sequence + 1, sequence, 'they come after the end that the log has written down')
    else if (hex(head.hash) !== hex(hash) && this.#findings.length === 0)
      this.#find('changed', sequence, sequence, 'it is not the row that the log has written down as its end')
    return {
      ok: this.#findings.length === 0,
      findings: this.#findings,
      rows: this.#rows,
      erased: this.#erased,
      head: { sequence, hash: hex(hash) },
    }
  }

  /** The row's own hash does not fit: something of it was changed, or all of it was made up. */
  #visitChanged({ sequence, hash }: StoredRow): void {
    this.#find('changed', sequence, sequence, 'its hash does not fit its fields')
    this.#next = sequence - this.#shift + 1
    this.#previous = hash
  }

  #visitOriginal(row: StoredRow, original: number): void {
    const { sequence } = row
    if (this.#displaced.delete(original)) {
      this.#find('reordered', sequence, sequence, `it was row ${original}`)
      return
    }
    if (original < this.#next) this.#visitShifted(sequence, original)
    else if (original > this.#next) this.#visitGap(row, original)
    else if (hex(row.previous_hash) !== hex(this.#previous))
      this.#find('changed', sequence - 1, sequence - 1, `row ${sequence} was written after another row than this`)
    this.#next = original + 1
    this.#previous = row.hash
  }

  /** Rows moved up: something was put in before this one. */
  #visitShifted(sequence: number, original: number): void {
    const first = sequence - (this.#next - original)
    const changed = this.#findings.findIndex(({ kind, first: at }) => kind === 'changed' && at === first)
    if (changed >= 0) this.#findings.splice(changed, 1)
    this.#find('inserted', first, sequence - 1, `row ${sequence} was row ${original}`)
    this.#shift = sequence - original
  }

  /** Rows are missing here: they stand elsewhere, or nowhere. */
  #visitGap(row: StoredRow, original: number): void {
    const standsElsewhere = this.#db.prepare('SELECT 1 FROM entries WHERE hash = ?').get(row.previous_hash)
    if (standsElsewhere !== undefined && hex(row.previous_hash) !== hex(this.#previous)) {
      for (let missing = this.#next; missing < original; missing++) this.#displaced.add(missing)
      this.#find('reordered', row.sequence, row.sequence, `it was row ${original}`)
      return
    }
    this.#find('removed', this.#next, original - 1, `row ${original} follows row ${this.#next - 1}`)
    this.#shift = row.sequence - original
  }

  #visitContent(row: StoredRow & Content): void {
    const { sequence, salt, payload, user = null, session = null, conversation = null } = row
    if (salt !== null && payload !== null) {
      const hash = hashContent(salt, { user, session, conversation, payload })
      if (hex(hash) !== hex(row.contentHash)) this.#find('changed', sequence, sequence, 'its content was changed')
      return
    }
    const recorded = this.#erasures.some(([first, last]) => first <= sequence && sequence <= last)
    if (!recorded) this.#find('removed', sequence, sequence, 'its content is gone, and no record says it was erased')
    else if (user !== null || session !== null || conversation !== null)
      this.#find('changed', sequence, sequence, 'it was erased, yet names a user, session or conversation')
    this.#erased++
  }

  #find(kind: TamperKind, first: number, last: number, why: string): void {
    const rows = first === last ? `row ${first}` : `rows ${first} to ${last}`
    const already = this.#findings.some((finding) => finding.first === first && finding.last === last)
    if (already || this.isFull) return
    this.#findings.push({ kind, first, last, message: `${rows} ${kind}: ${why}` })
  }
}

/** What the records of the log itself say. One that was tampered with says nothing; it shows when its row is visited. */
function attributesOf(db: DatabaseSync, event: string): Readonly<Record<string, unknown>>[] {
  const rows = db
    .prepare('SELECT payload FROM entries JOIN contents USING (sequence) WHERE event = ? ORDER BY sequence')
    .all(event) as { payload: string }[]
  return rows.map(({ payload }) => parsePayload(payload)?.attributes ?? {})
}

/** Whether a record names the anchor, or a later row that is still there: then pruning has not come to its end. */
function isVouched(db: DatabaseSync, anchor: ChainPoint): boolean {
  const hashOf = db.prepare('SELECT hash FROM entries WHERE sequence = ?')
  return attributesOf(db, PRUNED_EVENT).some(({ through, hash }) => {
    if (typeof through !== 'number' || through < anchor.sequence) return false
    const row = through === anchor.sequence ? anchor : hashOf.get(through)
    return row !== undefined && hash === hex(row.hash as Uint8Array)
  })
}
