/** Text of any length: a short cut in place, all of it in a window that lays out only what is in sight. */
import { useMemo, useRef, useState } from 'preact/hooks'
import { bytes, exact, plural } from '../format/quantity.ts'
import { CopyButton } from './copy-button.tsx'
import { VirtualRows } from './virtual-rows.tsx'

const CUT = 1_200
const LINE = 110

/** What a redaction leaves behind, e.g. `[REDACTED:email]`. */
const REDACTED = /(\[REDACTED[^\]]{0,60}\])/i

/** Text in which redacted spots are chips. */
function Marked({ text }: { text: string }) {
  const parts = text.split(REDACTED)
  if (parts.length === 1) return <>{text}</>
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          <mark class="redacted" title="Taken out before it left the process">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </>
  )
}

/** Splits text into lines of at most `LINE` characters. */
export function wrapLines(text: string, width = LINE): string[] {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    if (line.length <= width) lines.push(line)
    else for (let at = 0; at < line.length; at += width) lines.push(line.slice(at, at + width))
  }
  return lines
}

function Viewer({ text, onClose }: { text: string; onClose: () => void }) {
  const [words, setWords] = useState('')
  const [nth, setNth] = useState(0)
  const lines = useMemo(() => wrapLines(text), [text])
  const hits = useMemo(() => {
    const wanted = words.toLowerCase()
    return wanted.length < 2 ? [] : lines.flatMap((line, i) => (line.toLowerCase().includes(wanted) ? [i] : []))
  }, [lines, words])
  const hit = hits.length > 0 ? hits[nth % hits.length]! : -1
  const reveal = useMemo(() => ({ index: hit }), [hit])
  return (
    <>
      <div class="viewer-head">
        <input
          class="field"
          type="search"
          placeholder="Find"
          aria-label="Find in this text; Enter goes on"
          value={words}
          onInput={(event) => {
            setWords(event.currentTarget.value)
            setNth(0)
          }}
          onKeyDown={(event) => event.key === 'Enter' && setNth(nth + 1)}
        />
        <span class="soft num">
          {words.length > 1 ? plural(hits.length, 'line') : `${plural(lines.length, 'line')}, ${bytes(text.length)}`}
        </span>
        <span class="grow" />
        <CopyButton text={text} label="Copy all" />
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <VirtualRows
        label="Text"
        class="viewer-text mono"
        count={lines.length}
        rowHeight={18}
        reveal={reveal}
        row={(i) => (
          <div class={`viewer-line ${i === hit ? 'hit' : ''}`} role="listitem" key={i}>
            {lines[i]}
          </div>
        )}
      />
    </>
  )
}

/** @param mono as code, e.g. JSON; @param most characters that are shown in place */
export function LongText({ text, mono = false, most = CUT }: { text: string; mono?: boolean; most?: number }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [open, setOpen] = useState(false)
  const cut = text.length > most
  const close = () => {
    dialog.current?.close()
    setOpen(false)
  }
  return (
    <div class="long-text">
      <div class={mono ? 'text mono' : 'text'}>
        <Marked text={cut ? `${text.slice(0, most)}…` : text} />
      </div>
      {cut && (
        <button
          type="button"
          class="button quiet open-all"
          onClick={() => {
            setOpen(true)
            dialog.current?.showModal()
          }}
        >
          Open all {exact(text.length)} characters
        </button>
      )}
      {cut && (
        <dialog class="sheet viewer" ref={dialog} aria-label="Whole text" onClose={() => setOpen(false)}>
          {open && <Viewer text={text} onClose={close} />}
        </dialog>
      )}
    </div>
  )
}

/** Any value as indented JSON; a string that holds JSON is shown as what it holds. */
export function JsonText({ value }: { value: unknown }) {
  return <LongText mono text={printed(value)} />
}

/** The text of {@link JsonText}. */
export function printed(value: unknown): string {
  if (typeof value === 'string') {
    if (!/^\s*[[{]/.test(value)) return value
    try {
      return JSON.stringify(JSON.parse(value), null, 2)
    } catch {
      return value
    }
  }
  return JSON.stringify(value, null, 2) ?? 'undefined'
}
