import { CircleHelp, Moon, PanelBottom, PanelRight, Search, Sun, SunMoon } from 'lucide-react';
import { useApp } from '../state/store';
import { THEMES, type Theme } from '../state/prefs';
import { runCommand } from './commands';
import { drawerShown } from './panels/shown';
import { useSimroom } from './context';
import { LiveSign } from './faces/live_sign';
import { keysOf } from './key_hints';
import { ModelMenu } from './model_menu';
import { IconButton } from './parts/icon_button';
import { RoomBar } from './room/room_bar';
import { useIsPhone } from './use_is_phone';

const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon } as const;
const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'Theme: system',
  light: 'Theme: light',
  dark: 'Theme: dark',
};

/** What is running on the left, how to reach everything else on the right. */
export function TopBar() {
  const simroom = useSimroom();
  const theme = useApp((s) => s.prefs.theme);
  const drawer = useApp(drawerShown);
  const running = useApp((s) => s.model !== null);
  const inRoom = useApp((s) => s.room !== null);
  const phone = useIsPhone();
  const ThemeIcon = THEME_ICONS[theme];
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <header className="top-bar">
      <div className="bar pane">
        <ModelMenu />
      </div>
      <LiveSign />
      <div className="bar pane" role="group" aria-label="Interface">
        <RoomBar />
        <IconButton
          label="Find a command"
          className={inRoom ? 'wide-only' : ''}
          keys={keysOf('app.palette')}
          onClick={() => runCommand(simroom, 'app.palette')}
        >
          <Search size={17} />
        </IconButton>
        <IconButton
          label={THEME_WORDS[theme]}
          className="wide-only"
          onClick={() => runCommand(simroom, `theme.${nextTheme}`)}
        >
          <ThemeIcon size={17} />
        </IconButton>
        <IconButton
          label="Help and keys"
          keys={keysOf('app.help')}
          className="wide-only"
          onClick={() => runCommand(simroom, 'app.help')}
        >
          <CircleHelp size={17} />
        </IconButton>
        <IconButton
          label="Panels"
          keys={keysOf('panels.toggle')}
          pressed={drawer && running}
          disabled={!running}
          onClick={() => runCommand(simroom, 'panels.toggle')}
        >
          {phone ? <PanelBottom size={17} /> : <PanelRight size={17} />}
        </IconButton>
      </div>
    </header>
  );
}
