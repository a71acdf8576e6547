import { ATTR_GEN_AI_INPUT_MESSAGES } from '@agentel/semconv'
import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openReader } from '../src/query/reader.ts'
import { tracesWithText } from '../src/query/text-search.ts'
import { openStore } from '../src/store/store.ts'
import { spanId, type SpanSpec } from './otlp-json.ts'
import { openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => {
  fixture.remove()
})

const found = (file: string, text: string): number => {
  const reader = openReader(file)
  try {
    return tracesWithText(reader, text).length
  } finally {
    reader.close()
  }
}

function asking(n: number, content: string): SpanSpec {
  const messages = `[{"role":"user","parts":[{"type":"text","content":"${content}"}]}]`
  return {
    traceId: `${n}`.padStart(32, '0'),
    spanId: spanId(n),
    name: 'chat gpt-4o',
    attributes: { [ATTR_GEN_AI_INPUT_MESSAGES]: messages },
  }
}

describe('the full-text index', () => {
  it('has what came alone at once, and what came under load when it is quiet', () => {
    fixture.run((store) => {
      store.ingest([traces([asking(1, 'alone')])])
      expect(found(fixture.file, 'alone')).toBe(1)
      store.ingest([traces([asking(2, 'hurried')])], true)
      settle(store)
      expect(found(fixture.file, 'hurried')).toBe(1)
    })
  })

  it('holds no more than some text under load', () => {
    fixture.run((store) => {
      const word = (n: number): string => `load${n}`
      const filler = Array.from({ length: 8000 }, (_, i) => `w${i}`).join(' ')
      for (let n = 1; n <= 100; n++) store.ingest([traces([asking(n, `${word(n)} ${filler}`)])], true)
      expect(found(fixture.file, `${word(1)} `)).toBe(1)
    })
  })

  it('is made up for what a killed process had committed and not indexed', () => {
    const copy = `${fixture.file}-copy`
    fixture.run((store) => {
      store.ingest([traces([asking(1, 'alone')])])
      store.ingest([traces([asking(2, 'hurried\\nagain'), asking(3, 'other')])], true)
      for (const suffix of ['', '-wal']) copyFileSync(fixture.file + suffix, copy + suffix)
    })
    const store = openStore({ file: copy })
    settle(store)
    store.close()
    expect(['alone', 'hurried', 'again', 'other', 'gpt'].map((word) => found(copy, word))).toEqual([1, 1, 1, 1, 3])
  })

  it('loses no text that waited when a later transaction fails', () => {
    fixture.run(
      (store) => {
        store.ingest([traces([asking(1, 'waiting')])], true)
        const noise = Array.from({ length: 400_000 }, () => Math.random().toString(36).slice(2)).join(' ')
        const [result] = store.ingest([traces([asking(2, noise)])]).results
        expect(result?.outcome).toBe('fault')
        store.ingest([traces([asking(3, 'later')])])
        expect(['waiting', 'later'].map((word) => found(fixture.file, word))).toEqual([1, 1])
      },
      { maxPages: 200 },
    )
  })

  it('deletes the text that waited with its run', () => {
    fixture.run((store) => {
      store.ingest(
        [traces([{ ...asking(1, 'secret'), attributes: { ...asking(1, 'secret').attributes, 'user.id': 'ada' } }])],
        true,
      )
      expect(store.forget('ada').traces).toBe(1)
      settle(store)
    })
    const db = new DatabaseSync(fixture.file)
    expect(db.prepare("SELECT count(*) AS n FROM span_text WHERE span_text MATCH 'secret'").get()?.n).toBe(0)
    db.close()
  })

  it.each([
    ['words that a line end parts', 'first\\nsecond', 'second'],
    ['words that a tab parts', 'first\\tsecond', 'second'],
    ['a word in quotes', 'say \\"please\\" twice', 'please'],
    ['a letter that is written as a number', 'caf\\u00e9', 'café'],
    ['a character that is written as two halves', '\\ud835\\udc9cbc', '\u{1d49c}bc'],
    ['a word after a path with backslashes', 'C:\\\\temp\\\\file', 'file'],
    ['a number that is none', 'odd\\u00zz tail', 'tail'],
    ['letters of other alphabets as they are', 'Straße 東京', 'straße'],
  ])('finds %s', (_, content, word) => {
    fixture.run((store) => {
      store.ingest([traces([asking(1, content)])])
      expect(found(fixture.file, word)).toBe(1)
    })
  })

  it('is merged less eagerly in a file of an earlier version too', () => {
    fixture.run((store) => store.ingest([traces([asking(1, 'before')])]))
    const db = new DatabaseSync(fixture.file)
    const reset = (option: string, value: number): void =>
      db.exec(`INSERT INTO span_text(span_text, rank) VALUES('${option}', ${value})`)
    reset('automerge', 4)
    reset('hashsize', 1_048_576)
    db.exec('PRAGMA user_version = 3')
    db.close()
    fixture.run((store) => store.ingest([traces([asking(2, 'after')])]))
    expect(['before', 'after'].map((word) => found(fixture.file, word))).toEqual([1, 1])
    const read = new DatabaseSync(fixture.file)
    const config = read.prepare("SELECT k, v FROM span_text_config WHERE k <> 'version' ORDER BY k").all()
    expect(config.map(({ k, v }) => [k, v])).toEqual([
      ['automerge', 8],
      ['hashsize', 8_388_608],
    ])
    read.close()
  })
})
