import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, hoverTooltip, keymap, placeholder, type Tooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { ask } from '../api/client';
import { prefix } from '../router';

/** What an editor tells the page it stands in. */
export interface EditorOutlet {
  readonly changed: (text: string) => void;
  readonly run: () => void;
}

/** An expression's editor in the page. */
export interface Editor {
  readonly text: (text: string) => void;
  readonly focus: () => void;
  readonly destroy: () => void;
}

/** One for all editors, as it remembers the metrics' names for five minutes. */
const promql = new PromQLExtension().setComplete({
  remote: { apiPrefix: `${prefix}api/v1`, httpMethod: 'POST', cache: { maxAge: 300_000 } },
});

const colours = HighlightStyle.define([
  { tag: tags.number, color: 'var(--syntax-number)' },
  { tag: tags.string, color: 'var(--syntax-string)' },
  { tag: tags.keyword, color: 'var(--syntax-keyword)' },
  { tag: [tags.function(tags.variableName), tags.operatorKeyword], color: 'var(--syntax-function)' },
  { tag: tags.labelName, color: 'var(--syntax-label)' },
  { tag: tags.modifier, color: 'var(--syntax-keyword)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

interface Metadata {
  readonly type: string;
  readonly help: string;
}

/** Type and meaning of the metric under the pointer, as its targets declare them. */
const help = hoverTooltip(async (view, position): Promise<Tooltip | null> => {
  const { from, text } = view.state.doc.lineAt(position);
  const before = /[a-zA-Z_:][a-zA-Z0-9_:]*$/.exec(text.slice(0, position - from))?.[0] ?? '';
  const after = /^[a-zA-Z0-9_:]*/.exec(text.slice(position - from))?.[0] ?? '';
  const name = before + after;
  if (name.length < 3) return null;
  const found = await ask<Record<string, readonly Metadata[]>>('metadata', { params: { metric: name } }).catch(() => null);
  const metadata = found?.data[name]?.[0];
  if (metadata === undefined) return null;
  return {
    pos: position - before.length,
    end: position + after.length,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-metric-help';
      const type = dom.appendChild(document.createElement('b'));
      type.textContent = metadata.type;
      dom.append(` ${metadata.help}`);
      return { dom };
    },
  };
});

/** Puts an editor for one expression into the element. Enter runs it, Shift+Enter breaks the line. */
export function mountEditor(parent: HTMLElement, text: string, label: string, outlet: EditorOutlet): Editor {
  const run = () => {
    outlet.run();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ maxRenderedOptions: 60 }),
        syntaxHighlighting(colours),
        promql.asExtension(),
        help,
        placeholder('A PromQL expression: up, or rate(node_cpu_seconds_total[5m])'),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) outlet.changed(update.state.doc.toString());
        }),
        Prec.highest(
          keymap.of([
            { key: 'Enter', run: (v) => completionStatus(v.state) !== 'active' && run() },
            { key: 'Mod-Enter', run },
            { key: 'Shift-Enter', run: insertNewline },
          ]),
        ),
        // Tab is left to the browser, so that the keyboard can leave the editor.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
      ],
    }),
  });
  return {
    text: (next) => {
      if (next !== view.state.doc.toString()) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      }
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
