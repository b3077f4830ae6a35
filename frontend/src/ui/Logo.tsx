import classes from "./Logo.module.css";

export function Logo() {
  return (
    <span className={classes.logo}>
      <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
        <path d="M2 9 7 2l5 7z" fill="var(--positive)" />
        <circle cx="12.6" cy="11" r="2.4" fill="var(--neutral)" />
        <path d="m10 13 5 7 5-7z" fill="var(--negative)" />
      </svg>
      <span className={classes.word}>SentiStream</span>
    </span>
  );
}
