import type { DatabaseSync } from 'node:sqlite'

/** Marks the file as ours ("agtl"), so that another program's database is never written to. */
export const APPLICATION_ID = 0x6167746c

/**
 * Times are microseconds since the epoch, durations microseconds. Strings that repeat are numbers of `dict` (0: absent).
 * `tr` is a trace's own short number. Columns that list several values hold JSON arrays of `dict` numbers.
 */
const VERSION_1 = `
CREATE TABLE dict(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE scopes(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, resource BLOB NOT NULL, scope BLOB NOT NULL,
  resource_schema BLOB NOT NULL, scope_schema BLOB NOT NULL);
CREATE TABLE traces(tr INTEGER PRIMARY KEY, trace_id BLOB NOT NULL UNIQUE, start INTEGER NOT NULL, end INTEGER NOT NULL,
  changed INTEGER NOT NULL, spans INTEGER NOT NULL, errors INTEGER NOT NULL, roots INTEGER NOT NULL, root_errors INTEGER NOT NULL,
  status INTEGER NOT NULL, root_start INTEGER, root_name INTEGER NOT NULL, root_type INTEGER NOT NULL, root_service INTEGER NOT NULL,
  title TEXT, title_start INTEGER, user INTEGER NOT NULL, session INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL, cost REAL NOT NULL, priced INTEGER NOT NULL, unpriced INTEGER NOT NULL, agents TEXT NOT NULL,
  models TEXT NOT NULL, tools TEXT NOT NULL, services TEXT NOT NULL, error_span BLOB, error_name INTEGER NOT NULL,
  error_type INTEGER NOT NULL, error_message TEXT, error_start INTEGER, recovered INTEGER NOT NULL,
  last_chunk INTEGER NOT NULL, settled_chunk INTEGER NOT NULL);
CREATE INDEX traces_start ON traces(start);
CREATE INDEX traces_status ON traces(status, start);
CREATE INDEX traces_unsettled ON traces(tr) WHERE settled_chunk < last_chunk OR status = 0;
CREATE TABLE spans(tr INTEGER NOT NULL, span_id BLOB NOT NULL, parent BLOB, chunk INTEGER NOT NULL, idx INTEGER NOT NULL,
  name INTEGER NOT NULL, type INTEGER NOT NULL, kind INTEGER NOT NULL, service INTEGER NOT NULL, start INTEGER NOT NULL,
  duration INTEGER NOT NULL, status INTEGER NOT NULL, agent INTEGER NOT NULL, model INTEGER NOT NULL, tool INTEGER NOT NULL,
  error_type INTEGER NOT NULL, input_tokens INTEGER, output_tokens INTEGER, cost REAL, target INTEGER NOT NULL,
  flags INTEGER NOT NULL, PRIMARY KEY(tr, span_id)) WITHOUT ROWID;
CREATE TABLE chunks(id INTEGER PRIMARY KEY, tr INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX chunks_tr ON chunks(tr);
CREATE TABLE trace_facets(dim INTEGER NOT NULL, key INTEGER NOT NULL, tr INTEGER NOT NULL, PRIMARY KEY(dim, key, tr)) WITHOUT ROWID;
CREATE INDEX trace_facets_tr ON trace_facets(tr, dim, key);
CREATE TABLE rollups(dim INTEGER NOT NULL, tier INTEGER NOT NULL, t INTEGER NOT NULL, key INTEGER NOT NULL, service INTEGER NOT NULL,
  n INTEGER NOT NULL, errors INTEGER NOT NULL, duration REAL NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
  cost REAL NOT NULL, priced INTEGER NOT NULL, unpriced INTEGER NOT NULL, histogram BLOB, PRIMARY KEY(dim, tier, t, key, service)) WITHOUT ROWID;
CREATE VIRTUAL TABLE span_text USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='unicode61');
CREATE TABLE logs(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, severity INTEGER NOT NULL, event INTEGER NOT NULL,
  service INTEGER NOT NULL, agent INTEGER NOT NULL, trace_id BLOB, span_id BLOB, chunk INTEGER NOT NULL, idx INTEGER NOT NULL);
CREATE INDEX logs_time ON logs(time);
CREATE INDEX logs_severe ON logs(severity, time) WHERE severity >= 13;
CREATE INDEX logs_event ON logs(event, time) WHERE event <> 0;
CREATE INDEX logs_trace ON logs(trace_id, time) WHERE trace_id IS NOT NULL;
CREATE TABLE log_chunks(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE VIRTUAL TABLE log_text USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='unicode61');
CREATE TABLE metrics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, unit TEXT NOT NULL, description TEXT NOT NULL,
  monotonic INTEGER NOT NULL, temporality INTEGER NOT NULL, last INTEGER NOT NULL, UNIQUE(name, kind, unit, temporality, monotonic));
CREATE TABLE series(id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, service INTEGER NOT NULL,
  attributes TEXT NOT NULL);
CREATE INDEX series_metric ON series(metric);
CREATE TABLE points(series INTEGER NOT NULL, time INTEGER NOT NULL, start INTEGER NOT NULL, value REAL, count INTEGER, detail BLOB,
  PRIMARY KEY(series, time)) WITHOUT ROWID;
CREATE TABLE bodies(hash BLOB PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX bodies_time ON bodies(time);
CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`

/** Logs are deleted one by one when their trace goes or their user is forgotten: a chunk must know whether any is left. */
const VERSION_2 = 'CREATE INDEX logs_chunk ON logs(chunk);'

/** Events that were published or handled, and executions of workers: one row each, for figures by name and transactions. */
const VERSION_3 = `
CREATE TABLE work(dim INTEGER NOT NULL, name INTEGER NOT NULL, start INTEGER NOT NULL, tr INTEGER NOT NULL, span_id BLOB NOT NULL,
  handled INTEGER NOT NULL, stage INTEGER NOT NULL, duration INTEGER NOT NULL, service INTEGER NOT NULL, parent BLOB, tx TEXT,
  PRIMARY KEY(tr, span_id, dim)) WITHOUT ROWID;
CREATE INDEX work_start ON work(dim, start);
CREATE INDEX work_tx ON work(tx) WHERE tx IS NOT NULL;
`

/** The text of many transactions is written at once: fewer, larger segments, merged when there are more of them. */
const VERSION_4 = `
INSERT INTO span_text(span_text, rank) VALUES('hashsize', 8388608);
INSERT INTO span_text(span_text, rank) VALUES('automerge', 8);
`

/** Entry i brings a file from version i to i + 1. Only ever append. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4]

/** The version that this code writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length

function pragmaNumber(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get()
  return Number(Object.values(row ?? {})[0] ?? 0)
}

/**
 * Brings the file to this version, each step in a transaction of its own.
 * @throws when the file belongs to another program or was written by a newer version.
 */
export function migrate(db: DatabaseSync, file: string): void {
  const id = pragmaNumber(db, 'application_id')
  const version = pragmaNumber(db, 'user_version')
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0)
  if (id !== APPLICATION_ID && tables > 0) {
    throw new Error(`${file} is a database of another program. Choose another file with --data.`)
  }
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `${file} was written by a newer agentel (schema ${version}, this one knows ${SCHEMA_VERSION}). ` +
        'Update agentel, or choose another file with --data.',
    )
  }
  for (let next = version; next < SCHEMA_VERSION; next++) {
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(MIGRATIONS[next]!)
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${next + 1}; COMMIT`)
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
}

/**
 * Looks whether a file can be read as it is.
 * @throws when it belongs to another program, or another version wrote it.
 */
export function checkSchema(db: DatabaseSync, file: string): void {
  if (pragmaNumber(db, 'application_id') !== APPLICATION_ID) throw new Error(`${file} is not a store of the console.`)
  const version = pragmaNumber(db, 'user_version')
  if (version === SCHEMA_VERSION) return
  const advice = version < SCHEMA_VERSION ? 'Start the console on it once' : 'Update agentel'
  throw new Error(`${file} has schema ${version}, this agentel reads ${SCHEMA_VERSION}. ${advice}.`)
}
