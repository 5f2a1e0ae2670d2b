import { formatMoment, momentOf } from '../model/clock';
import { roughDuration } from '../model/duration';
import { zone } from '../settings';

/** How long ago something was, with the moment itself in the hint. */
export function Ago(props: { time: string | undefined; never?: string }) {
  const millis = momentOf(props.time);
  if (millis === null) return <span class="faint">{props.never ?? 'never'}</span>;
  return (
    <time class="num" dateTime={props.time} title={formatMoment(millis, zone.value)}>
      {roughDuration(Math.max(0, Date.now() - millis))} ago
    </time>
  );
}
