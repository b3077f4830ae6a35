import { IconActivity, IconChartPie, IconMessages, IconSend } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { ConnectionBadge } from "../live/ConnectionBadge";
import { SignOutButton } from "../session/SignOutButton";
import { Logo } from "../ui/Logo";
import { PauseButton } from "./PauseButton";
import classes from "./Shell.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

const PAGES = [
  { to: "/overview", name: "Overview", icon: IconChartPie },
  { to: "/posts", name: "Posts", icon: IconMessages },
  { to: "/try", name: "Try it", icon: IconSend },
  { to: "/pipeline", name: "Pipeline", icon: IconActivity },
];

export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <header className={classes.top}>
        <Logo />
        <nav className={classes.nav} aria-label="Pages">
          {PAGES.map(({ to, name, icon: Icon }) => (
            <NavLink key={to} to={to} className={classes.link ?? ""}>
              <Icon size={18} stroke={1.75} aria-hidden="true" />
              <span>{name}</span>
            </NavLink>
          ))}
        </nav>
        <div className={classes.tools}>
          <ConnectionBadge />
          <PauseButton />
          <ThemeSwitch />
          <SignOutButton />
        </div>
      </header>
      <main id="main" className={classes.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
