/** Cost and tokens as they appear everywhere, with the exact figure in the tooltip. */
import { count, exact, exactMoney, money, percent, plural, UNKNOWN } from '../format/quantity.ts'
import { duration } from '../format/time.ts'

/** Money; calls without a price are said, never counted as free. */
export function Cost({ amount, unpriced = 0 }: { amount: number | null; unpriced?: number }) {
  const missing = unpriced > 0 ? `\n${plural(unpriced, 'call')} without a known price are not in this figure` : ''
  return (
    <span class="num" title={exactMoney(amount) + missing}>
      {amount === null && unpriced > 0 ? 'unpriced' : money(amount)}
      {amount !== null && unpriced > 0 && <sup class="warn-text">+?</sup>}
    </span>
  )
}

/** Input and output tokens together; `-` when there were none to count. */
export function Tokens({ input, output }: { input: number | null; output: number | null }) {
  const sum = (input ?? 0) + (output ?? 0)
  return (
    <span class="num" title={sum === 0 ? 'no token counts' : `${exact(input)} in, ${exact(output)} out`}>
      {sum === 0 ? UNKNOWN : count(sum)}
    </span>
  )
}

/** Duration with milliseconds in the tooltip. */
export function Took({ ms }: { ms: number | null }) {
  return (
    <span class="num" title={ms === null ? 'not known' : `${exact(ms)} ms`}>
      {duration(ms)}
    </span>
  )
}

/** Share of failures of a count; red only where something failed. */
export function ErrorShare({ errors, of }: { errors: number; of: number }) {
  return (
    <span class={`num ${errors > 0 ? 'error-text' : 'faint'}`} title={`${exact(errors)} of ${exact(of)}`}>
      {of === 0 ? UNKNOWN : errors === 0 ? '0' : `${count(errors)} · ${percent(errors / of)}`}
    </span>
  )
}
