import { type ReactNode, useEffect } from "react";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** Controls beside the title, such as the time range. */
  controls?: ReactNode;
  children: ReactNode;
}

/** A page's frame: its heading, its controls and the document title. */
export function Page({ title, controls, children }: Props) {
  useEffect(() => {
    document.title = `${title} · SentiStream`;
  }, [title]);
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <h1 className={classes.title}>{title}</h1>
        {controls && <div className={classes.controls}>{controls}</div>}
      </div>
      {children}
    </div>
  );
}
