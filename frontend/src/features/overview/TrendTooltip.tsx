import { LABELS } from "../../api/types";
import { clock, dayMinute, net, rate } from "../../ui/format";
import { SentimentMark } from "../../ui/SentimentMark";
import { LABEL_NAMES } from "../../ui/sentiment";
import classes from "./TrendChart.module.css";
import type { TrendRow } from "./trendRows";

export function TrendTooltip({ row }: { row: TrendRow | undefined }) {
  if (row === undefined) return null;
  return (
    <div className={classes.tooltip}>
      <p>{row.seconds < 60 ? clock(row.start) : dayMinute(row.start)}</p>
      <ul>
        {LABELS.map((label) => (
          <li key={label}>
            <SentimentMark label={label} />
            {LABEL_NAMES[label]}
            <b>{rate(row[label])}/s</b>
          </li>
        ))}
        <li>
          Net sentiment<b>{net(row.net)}</b>
        </li>
      </ul>
    </div>
  );
}
