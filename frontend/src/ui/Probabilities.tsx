import { LABELS, type Label } from "../api/types";
import classes from "./Probabilities.module.css";
import { SentimentMark } from "./SentimentMark";
import { LABEL_COLOURS, LABEL_NAMES } from "./sentiment";

const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1 });

/** The model's three probabilities; the label it chose stands out. */
export function Probabilities({ scores, chosen }: { scores: Record<Label, number>; chosen: Label }) {
  return (
    <dl className={classes.list}>
      {LABELS.map((label) => (
        <div key={label} className={classes.row} data-chosen={label === chosen}>
          <dt className={classes.name}>
            <SentimentMark label={label} /> {LABEL_NAMES[label]}
          </dt>
          <dd className={classes.value}>
            <span className={classes.track} aria-hidden="true">
              <span
                className={classes.fill}
                style={{ width: `${scores[label] * 100}%`, background: LABEL_COLOURS[label] }}
              />
            </span>
            <span className={classes.number}>{percent.format(scores[label])}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
