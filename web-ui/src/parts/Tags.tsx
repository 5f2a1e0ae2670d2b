import { pairsOf, type LabelSet } from '../model/labels';

/** Labels as small tags, in the order of their names. */
export function Tags(props: { labels: LabelSet | undefined; without?: readonly string[] }) {
  const pairs = pairsOf(props.labels ?? {}).filter(([name]) => !props.without?.includes(name));
  if (pairs.length === 0) return <span class="faint">–</span>;
  return (
    <span class="tags">
      {pairs.map(([name, value]) => (
        <span class="tag" key={name}>
          <b>{name}=</b>
          {value}
        </span>
      ))}
    </span>
  );
}
