import { ArrowRight, FileUp, FolderOpen } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { CatalogueEntry } from '../app/api';
import { useApp } from '../state/store';
import { attempt, loadModel } from './actions';
import { CommandButton } from './command_button';
import { useRefusal } from './room/use_refusal';
import { useSimroom } from './context';
import { SheetDialog } from './parts/sheet_dialog';
import './styles/catalogue.css';

/** Models to choose from, and the other ways to bring one. */
export default function Catalogue() {
  const simroom = useSimroom();
  const [entries, setEntries] = useState<readonly CatalogueEntry[] | null>(null);
  const grid = useRef<HTMLUListElement>(null);
  const refusal = useRefusal('developer');
  useEffect(() => {
    void attempt(async () => setEntries(await simroom.catalogue()));
  }, [simroom]);
  return (
    <SheetDialog title="Models" className="catalogue" onKeyDown={(event) => moveFocus(event, grid.current)}>
      {refusal === null ? null : <p className="refusal">{refusal}</p>}
      <fieldset className="refused" disabled={refusal !== null} title={refusal ?? undefined}>
        <OtherWays />
        <div className="dialog-body scroll">
          <ul ref={grid} className="model-grid">
            {entries === null
              ? PLACEHOLDERS.map((i) => <li key={i} className="model-card waiting" aria-hidden />)
              : entries.map((entry) => <ModelCard key={entry.id} entry={entry} />)}
          </ul>
        </div>
      </fieldset>
    </SheetDialog>
  );
}

const PLACEHOLDERS = [0, 1, 2, 3, 4, 5, 6, 7];

function ModelCard({ entry }: { readonly entry: CatalogueEntry }) {
  const simroom = useSimroom();
  const running = useApp((s) => s.model?.origin === entry.title);
  return (
    <li className="model-card">
      <button type="button" aria-current={running} onClick={() => void loadModel(simroom, entry.id)}>
        <span className="thumb">
          <img src={entry.thumbnail} alt="" loading="lazy" decoding="async" width={320} height={200} />
        </span>
        <span className="title">{entry.title}</span>
        <span className="muted text">{entry.text}</span>
      </button>
    </li>
  );
}

/** Files, a folder, an address. */
function OtherWays() {
  const simroom = useSimroom();
  const [address, setAddress] = useState('');
  return (
    <div className="other-ways">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (address.trim() !== '') void loadModel(simroom, address.trim());
        }}
      >
        <input
          className="field"
          type="text"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          aria-label="Address of a model"
          placeholder="https://…/scene.xml or github:owner/repo/path/scene.xml"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <button
          type="submit"
          className="icon-button"
          aria-label="Open this address"
          disabled={address.trim() === ''}
        >
          <ArrowRight size={17} />
        </button>
      </form>
      <div className="buttons">
        <CommandButton id="model.files">
          <FileUp size={16} aria-hidden />
          Files
        </CommandButton>
        <CommandButton id="model.folder">
          <FolderOpen size={16} aria-hidden />
          Folder
        </CommandButton>
        <span className="muted drop-word">or drop them anywhere</span>
      </div>
    </div>
  );
}

/** Arrow keys move among the cards as they lie on the screen. */
function moveFocus(event: KeyboardEvent, grid: HTMLElement | null): void {
  if (grid === null) return;
  const cards = [...grid.querySelectorAll<HTMLButtonElement>('button')];
  const at = cards.findIndex((card) => card === document.activeElement);
  if (event.target instanceof HTMLInputElement) return;
  const columns = getComputedStyle(grid).gridTemplateColumns.split(' ').length;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: cards.length - 1 - at,
  };
  // From outside the cards any arrow goes to the first.
  const target = at < 0 ? cards[0] : cards[at + (steps[event.key] ?? 0)];
  if (steps[event.key] === undefined || target === undefined) return;
  event.preventDefault();
  target.focus();
}
