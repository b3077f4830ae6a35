import type { ReactNode } from "react";
import classes from "./Figures.module.css";

interface Props {
  name: string;
  /** Explains the figure to those who hover or hear it. */
  note?: string;
  value: string;
  unit?: string | undefined;
  title?: string | undefined;
  detail: ReactNode;
  /** A small picture beside the number. */
  children?: ReactNode;
}

export function Figure({ name, note, value, unit, title, detail, children }: Props) {
  return (
    <div className={classes.figure}>
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
