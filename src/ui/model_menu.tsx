import {
  Camera,
  ChevronDown,
  CircleHelp,
  FilePlus,
  FolderOpen,
  FileUp,
  GitFork,
  LogIn,
  LogOut,
  Search,
  UserPlus,
  Info,
  LayoutGrid,
  RotateCw,
  Save,
  SunMoon,
  History,
  type LucideIcon,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { appStore, useApp } from '../state/store';
import { THEMES } from '../state/prefs';
import { COMMANDS, refusalOf, runCommand } from './commands';
import { useSimroom } from './context';
import { keysOf } from './key_hints';
import { Mark } from './mark';
import { modelTitle } from './model_title';
import { Menu, MenuItem } from './parts/menu';

/** Groups of commands in the menu; a line is drawn between groups. */
const GROUPS: readonly (readonly { readonly id: string; readonly icon: LucideIcon }[])[] = [
  [
    { id: 'model.catalogue', icon: LayoutGrid },
    { id: 'model.files', icon: FileUp },
    { id: 'model.folder', icon: FolderOpen },
  ],
  [
    { id: 'model.reload', icon: RotateCw },
    { id: 'model.add', icon: FilePlus },
    { id: 'view.screenshot', icon: Camera },
  ],
  [
    { id: 'tape.save', icon: Save },
    { id: 'tape.open', icon: History },
  ],
  [
    { id: 'room.share', icon: UserPlus },
    { id: 'room.fork', icon: GitFork },
    { id: 'room.rejoin', icon: LogIn },
    { id: 'room.leave', icon: LogOut },
  ],
];

const NEEDS_MODEL = new Set(['model.reload', 'model.add', 'view.screenshot', 'tape.save', 'room.share']);

function isSensible(id: string): boolean {
  return COMMANDS.find((c) => c.id === id)?.when?.(appStore.getState()) !== false;
}

/** The mark and the model's name, which open the menu of everything about the model and the app. */
export function ModelMenu() {
  const simroom = useSimroom();
  const model = useApp((s) => s.model);
  const room = useApp((s) => s.room);
  const theme = useApp((s) => s.prefs.theme);
  const titled = model === null ? null : modelTitle(model);
  return (
    <Menu
      trigger={
        <button type="button" className="model-button" aria-label={`Model: ${titled?.title ?? 'none'}. Menu`}>
          <Mark />
          <span className="wordmark">simroom</span>
          {titled === null ? null : (
            <>
              <span className="slash">/</span>
              <span className="name ellipsis">{titled.title}</span>
              {titled.from === null ? null : <span className="origin ellipsis">{titled.from}</span>}
            </>
          )}
          <ChevronDown size={14} aria-hidden />
        </button>
      }
    >
      {GROUPS.map((group, i) => (
        <DropdownMenu.Group key={group[0]?.id ?? i}>
          {group
            .filter(({ id }) => isSensible(id))
            .map(({ id, icon: Icon }) => (
              <MenuItem
                key={id}
                disabled={(model === null && NEEDS_MODEL.has(id)) || refusalOf({ room }, id) !== null}
                onSelect={() => runCommand(simroom, id)}
              >
                <Icon size={16} aria-hidden />
                {COMMANDS.find((c) => c.id === id)?.title}
                <span className="end">{keysOf(id)}</span>
              </MenuItem>
            ))}
          <DropdownMenu.Separator className="menu-line" />
        </DropdownMenu.Group>
      ))}
      <DropdownMenu.Sub>
        <DropdownMenu.SubTrigger className="menu-item">
          <SunMoon size={16} aria-hidden />
          Theme
          <span className="end">{theme}</span>
        </DropdownMenu.SubTrigger>
        <DropdownMenu.Portal>
          <DropdownMenu.SubContent className="menu" sideOffset={6} collisionPadding={8}>
            <DropdownMenu.RadioGroup
              value={theme}
              onValueChange={(value) => runCommand(simroom, `theme.${value}`)}
            >
              {THEMES.map((value) => (
                <DropdownMenu.RadioItem key={value} value={value} className="menu-item">
                  {value.charAt(0).toUpperCase() + value.slice(1)}
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
          </DropdownMenu.SubContent>
        </DropdownMenu.Portal>
      </DropdownMenu.Sub>
      <MenuItem onSelect={() => runCommand(simroom, 'app.palette')}>
        <Search size={16} aria-hidden />
        Find a command
        <span className="end">{keysOf('app.palette')}</span>
      </MenuItem>
      <MenuItem onSelect={() => runCommand(simroom, 'app.help')}>
        <CircleHelp size={16} aria-hidden />
        Help and keys
        <span className="end">{keysOf('app.help')}</span>
      </MenuItem>
      <MenuItem onSelect={() => runCommand(simroom, 'app.about')}>
        <Info size={16} aria-hidden />
        About Simroom
      </MenuItem>
    </Menu>
  );
}
