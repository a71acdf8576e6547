import { now } from '../app/live.ts'
import { age, moment } from '../format/time.ts'

/** How long ago, counting; the exact time in the tooltip. */
export function Age({ time }: { time: number | null }) {
  return (
    <time class="num" title={moment(time)} {...(time !== null && { dateTime: new Date(time).toISOString() })}>
      {age(time, now.value)}
    </time>
  )
}
