import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { ConnectionBadge } from "../live/ConnectionBadge";
import { SignOutButton } from "../session/SignOutButton";
import { useFeatures } from "../shared/feature";
import { Logo } from "../ui/Logo";
import { PauseButton } from "./PauseButton";
import classes from "./Shell.module.css";
import { ThemeSwitch } from "./ThemeSwitch";

export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <header className={classes.top}>
        <Logo />
        <nav className={classes.nav} aria-label="Pages">
          {useFeatures().map(
            ({ name, page }) =>
              page && (
                <NavLink key={name} to={`/${name}`} className={classes.link ?? ""}>
                  <page.icon size={18} stroke={1.75} aria-hidden="true" />
                  <span>{page.title}</span>
                </NavLink>
              ),
          )}
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
