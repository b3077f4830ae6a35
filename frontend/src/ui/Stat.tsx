import type { ReactNode } from "react";
import classes from "./Stat.module.css";

interface Props {
  name: string;
  /** Explains the number to those who hover or hear it. */
  note?: string;
  value: string;
  unit?: string | undefined;
  title?: string | undefined;
  detail: ReactNode;
  /** A small picture beside the number. */
  children?: ReactNode;
}

/** One number with its name; it stands in a `StatList`. */
export function Stat({ name, note, value, unit, title, detail, children }: Props) {
  return (
    <div className={classes.stat}>
      <dt className={classes.name} title={note}>
        {name}
      </dt>
      <dd className={classes.body}>
        <span className={classes.value} title={title}>
          {value}
          {unit && <span className={classes.unit}> {unit}</span>}
        </span>
        {children && <span className={classes.picture}>{children}</span>}
        <span className={classes.detail}>{detail}</span>
      </dd>
    </div>
  );
}

/** Stats side by side, in as many rows as they need. */
export function StatList({ className, children }: { className?: string | undefined; children: ReactNode }) {
  return <dl className={`${classes.list} ${className ?? ""}`}>{children}</dl>;
}
