import { useState } from 'preact/hooks'

/** Copies text; `text` may be asked for only when it is pressed. Says whether it worked. */
export function CopyButton({
  text,
  label,
  class: extra = '',
}: {
  text: string | (() => string | Promise<string>)
  label: string
  class?: string
}) {
  const [said, setSaid] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text())
      setSaid('Copied')
    } catch {
      setSaid('Not copied: the browser refused')
    }
    setTimeout(() => setSaid(''), 1500)
  }
  return (
    <button type="button" class={`button ${extra}`} onClick={copy}>
      {said || label}
      <span class="hidden" role="status">
        {said}
      </span>
    </button>
  )
}
