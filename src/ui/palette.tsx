import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { CatalogueEntry } from '../app/api';
import { appStore, useApp } from '../state/store';
import { attempt } from './actions';
import type { Command } from './command';
import { catalogueCommands, COMMANDS, modelCommands, run } from './commands';
import { useSimroom } from './context';
import { keysOf } from './key_hints';
import { matchCommands } from './match';
import { SheetDialog } from './parts/sheet_dialog';
import { peerCommands } from './room/room_commands';
import './styles/palette.css';

/** Results shown at once: the list stays quick with a model of a thousand bodies. */
const MAX_RESULTS = 60;

/** Everything that can be done, found by typing. */
export default function Palette() {
  const simroom = useSimroom();
  const model = useApp((s) => s.model);
  const peers = useApp((s) => s.peers);
  const show = useApp((s) => s.show);
  const [query, setQuery] = useState('');
  const [entries, setEntries] = useState<readonly CatalogueEntry[]>([]);
  useEffect(() => {
    void attempt(async () => setEntries(await simroom.catalogue()));
  }, [simroom]);
  const all = useMemo(
    () => [
      ...COMMANDS.filter((c) => c.id !== 'app.palette' && c.when?.(appStore.getState()) !== false),
      ...peerCommands(peers),
      ...catalogueCommands(entries),
      ...modelCommands(model),
    ],
    [entries, model, peers],
  );
  const groups = useMemo(() => grouped(matchCommands(all, query, MAX_RESULTS)), [all, query]);
  const first = groups[0]?.[1][0]?.id ?? '';
  const [active, setActive] = useState(first);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Other results: the best of them is the one that Enter takes, and it is in sight.
    setActive(first);
    list.current?.scrollTo({ top: 0 });
  }, [first, query]);
  return (
    <SheetDialog title="Find a command" className="palette" head={false} quietFocus={false}>
      <Cmdk shouldFilter={false} loop label="Commands" value={active} onValueChange={setActive}>
        <div className="palette-input">
          <Search size={17} aria-hidden />
          <Cmdk.Input
            value={query}
            onValueChange={setQuery}
            placeholder="Models, cameras, bodies, controls, anything"
          />
          <kbd>Esc</kbd>
        </div>
        <Cmdk.List ref={list} className="palette-list scroll">
          <Cmdk.Empty className="palette-empty">Nothing has this name.</Cmdk.Empty>
          {groups.map(([group, commands]) => (
            <Cmdk.Group key={group} heading={group}>
              {commands.map((command) => (
                <Cmdk.Item
                  key={command.id}
                  value={command.id}
                  className="menu-item"
                  onSelect={() => {
                    show(null);
                    run(simroom, command);
                  }}
                >
                  <span className="ellipsis">{command.title}</span>
                  <Keys id={command.id} />
                </Cmdk.Item>
              ))}
            </Cmdk.Group>
          ))}
        </Cmdk.List>
      </Cmdk>
    </SheetDialog>
  );
}

function Keys({ id }: { readonly id: string }) {
  const keys = keysOf(id);
  return keys === undefined ? null : (
    <span className="end">
      <kbd>{keys}</kbd>
    </span>
  );
}

/** Commands by group, groups in the order of their best match. */
function grouped(commands: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group === undefined) groups.set(command.group, [command]);
    else group.push(command);
  }
  return [...groups];
}
