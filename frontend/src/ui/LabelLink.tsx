import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Label } from "../api/types";
import classes from "./LabelLink.module.css";
import { SentimentMark } from "./SentimentMark";
import { LABEL_NAMES } from "./sentiment";

interface Props {
  label: Label;
  to: string;
  children?: ReactNode;
}

/** A label's mark and name that leads to its posts. */
export function LabelLink({ label, to, children }: Props) {
  return (
    <Link to={to} className={classes.link} title={`Show ${label} posts`}>
      <SentimentMark label={label} />
      <span>{LABEL_NAMES[label]}</span>
      {children}
    </Link>
  );
}
