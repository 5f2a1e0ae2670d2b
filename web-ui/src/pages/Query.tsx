import { useEffect, useRef, useState } from 'preact/hooks';
import { EMPTY_PANEL, readQueryState, writeQueryState, type Panel, type QueryState } from '../model/querystate';
import { between } from '../model/span';
import { Icon } from '../parts/icons';
import { place, setSearch } from '../router';
import '../style/query.css';
import { QueryPanel } from './QueryPanel';
import { TimeBar } from './TimeBar';

/** Questions in PromQL, several at a time over the same span. The address holds all of it. */
export function Query() {
  const state = readQueryState(place.value.search);
  const latest = useRef(state);
  latest.current = state;
  const [runs, setRuns] = useState(0);
  // Panels keep their identity when one above them is removed.
  const identities = useRef<number[]>([]);
  const nextIdentity = useRef(0);
  while (identities.current.length < state.panels.length) identities.current.push(nextIdentity.current++);
  identities.current.length = state.panels.length;

  const change = (next: Partial<QueryState>, how: 'push' | 'replace' = 'push') =>
    setSearch(writeQueryState({ ...latest.current, ...next }), how);
  const changePanel = (i: number, next: Partial<Panel>) =>
    change({ panels: latest.current.panels.map((panel, j) => (j === i ? { ...panel, ...next } : panel)) });
  const remove = (i: number) => {
    const rest = latest.current.panels.filter((_, j) => j !== i);
    if (rest.length === 0) identities.current = [];
    else identities.current.splice(i, 1);
    change({ panels: rest.length === 0 ? [EMPTY_PANEL] : rest });
  };

  useEffect(() => {
    if (state.refreshMillis <= 0 || state.span.endMillis !== null) return;
    const timer = window.setInterval(() => {
      if (!document.hidden) setRuns((n) => n + 1);
    }, state.refreshMillis);
    return () => window.clearInterval(timer);
  }, [state.refreshMillis, state.span.endMillis]);

  return (
    <>
      <div class="page-head time-bar">
        <h1>Query</h1>
        <TimeBar state={state} change={change} again={() => setRuns((n) => n + 1)} />
      </div>
      {state.panels.map((panel, i) => (
        <QueryPanel
          key={identities.current[i]!}
          index={i}
          panel={panel}
          state={state}
          runs={runs}
          alone={state.panels.length === 1}
          change={(next) => changePanel(i, next)}
          remove={() => remove(i)}
          zoom={(from, to) => change({ span: between(from, to) })}
          widen={() => {
            const { rangeMillis, endMillis } = latest.current.span;
            const end = endMillis === null ? null : endMillis + rangeMillis / 2;
            change({ span: { rangeMillis: rangeMillis * 2, endMillis: end !== null && end >= Date.now() ? null : end } });
          }}
        />
      ))}
      <button
        type="button"
        class="add-panel"
        onClick={() => change({ panels: [...latest.current.panels, EMPTY_PANEL] })}
      >
        <Icon name="plus" /> Add a panel
      </button>
    </>
  );
}
