import { CircleHelp, Languages, Moon, ShieldCheck, Sun, SunMoon, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { panels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { page, rememberTheme, type Theme } from '../state/store.ts';
import { chooseLanguage, language } from '../words/locale.ts';
import { Chips } from './Chips.tsx';
import { ScenarioMenu } from './ScenarioMenu.tsx';
import * as styles from './topbar.module.css';

/** Name, scenario, settings, and the command that changed the cluster last. */
export function TopBar(): ReactNode {
  return (
    <header className={styles.bar}>
      <h1 className={styles.logo}>LVScope</h1>
      <ScenarioMenu />
      <Chips />
      <div className={styles.tools}>
        <button
          type="button"
          className={styles.tool}
          aria-label={m.import_open()}
          title={m.import_open()}
          onClick={() => page.setState({ importOpen: true })}
        >
          <Upload size={16} />
        </button>
        <button
          type="button"
          className={styles.tool}
          aria-label={m.verified_title()}
          title={m.verified_title()}
          onClick={() => panels.setState({ verifiedOpen: true })}
        >
          <ShieldCheck size={16} />
        </button>
        <LanguageButton />
        <ThemeButton />
        <button
          type="button"
          className={styles.tool}
          aria-label={m.action_help()}
          title={`${m.action_help()} (?)`}
          onClick={() => page.setState({ helpOpen: true })}
        >
          <CircleHelp size={16} />
        </button>
      </div>
    </header>
  );
}

function LanguageButton(): ReactNode {
  const other = usePage((state) => (state.language === 'zh' ? 'en' : 'zh'));
  return (
    <button
      type="button"
      className={styles.tool}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      aria-label={other === 'zh' ? '中文' : 'English'}
      title={other === 'zh' ? '中文' : 'English'}
      onClick={() => {
        chooseLanguage(other);
        page.setState({ language: language() });
      }}
    >
      <Languages size={16} />
      <span>{other === 'zh' ? '中' : 'EN'}</span>
    </button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

function ThemeButton(): ReactNode {
  const theme = usePage((state) => state.theme);
  const label = { system: m.theme_system(), light: m.theme_light(), dark: m.theme_dark() }[theme];
  const icon = { system: <SunMoon size={16} />, light: <Sun size={16} />, dark: <Moon size={16} /> }[theme];
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      title={label}
      onClick={() => {
        rememberTheme(NEXT_THEME[theme]);
        page.setState({ theme: NEXT_THEME[theme] });
      }}
    >
      {icon}
    </button>
  );
}
