import { useEffect, useRef, useState } from 'preact/hooks';
import '../style/editor.css';
import type { Editor } from './promql-editor';

/**
 * Where an expression is written. The editor with its completion is two thirds of the console's
 * code, so it is loaded when it is first needed; a plain field stands in until it is here, or if it
 * cannot be had.
 */
export function ExpressionInput(props: {
  /** What stands in it at first, and again whenever this or `revision` changes; what is typed does not come back. */
  text: string;
  revision: number;
  label: string;
  autoFocus: boolean;
  onChange: (text: string) => void;
  onRun: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const [loaded, setLoaded] = useState(false);
  const now = useRef(props);
  now.current = props;
  const typed = useRef(props.text);

  const change = (text: string) => {
    typed.current = text;
    now.current.onChange(text);
  };

  useEffect(() => {
    let gone = false;
    const focusedBefore = document.activeElement;
    import('./promql-editor').then(
      ({ mountEditor }) => {
        if (gone || box.current === null) return;
        const active = document.activeElement;
        const focused = box.current.contains(active);
        box.current.replaceChildren();
        editor.current = mountEditor(box.current, typed.current, props.label, {
          changed: (text) => change(text),
          run: () => now.current.onRun(),
        });
        setLoaded(true);
        // Whoever has gone elsewhere meanwhile keeps the focus there.
        const stayed = focusedBefore === active || active === document.body;
        if (focused || (now.current.autoFocus && stayed)) editor.current.focus();
      },
      () => {
        // The plain field stays.
      },
    );
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);

  useEffect(() => {
    typed.current = props.text;
    if (editor.current !== null) editor.current.text(props.text);
    else {
      const field = box.current?.querySelector('textarea');
      if (field) field.value = props.text;
    }
  }, [props.text, props.revision]);

  // Preact renders the field once and never again: the box belongs to the editor from then on.
  useEffect(() => {
    const element = box.current!;
    if (editor.current !== null || element.firstChild !== null) return;
    const field = document.createElement('textarea');
    field.rows = 1;
    field.value = typed.current;
    field.spellcheck = false;
    field.setAttribute('aria-label', props.label);
    field.placeholder = 'A PromQL expression';
    field.addEventListener('input', () => change(field.value));
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        now.current.onRun();
      }
    });
    element.append(field);
  }, []);

  return <div class={`expression${loaded ? ' loaded' : ''}`} ref={box} />;
}
