import '../style/chart.css';

/** A line without axes, as wide as its place: whether something rises, falls or stopped. */
export function Spark(props: { values: readonly (number | null)[] }) {
  const known = props.values.filter((value) => value !== null);
  if (known.length < 2) return <svg class="spark" aria-hidden="true" />;
  const high = Math.max(...known);
  // A spark that hardly moves is drawn as one that hardly moves.
  const low = Math.min(...known, high - Math.abs(high) * 0.1);
  const x = (i: number) => ((i / (props.values.length - 1)) * 100).toFixed(2);
  const y = (value: number) => (high === low ? 13 : 24 - ((value - low) / (high - low)) * 22).toFixed(2);
  let path = '';
  let open = false;
  let first = -1;
  let last = -1;
  props.values.forEach((value, i) => {
    if (value === null) {
      open = false;
      return;
    }
    path += `${open ? 'L' : 'M'}${x(i)} ${y(value)}`;
    if (first < 0) first = i;
    last = i;
    open = true;
  });
  return (
    <svg class="spark" viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden="true">
      {!path.slice(1).includes('M') && <path class="under" d={`${path}L${x(last)} 26L${x(first)} 26Z`} />}
      <path d={path} />
    </svg>
  );
}
