import { type Counts, LABELS } from "../../api/types";
import type { Totals } from "../../shared/counts/series";
import { postsLink } from "../../shared/posts/link";
import type { Range } from "../../shared/range";
import { confidence, count, NONE, share } from "../../ui/format";
import { LabelLink } from "../../ui/LabelLink";
import { LABEL_COLOURS } from "../../ui/sentiment";
import table from "../../ui/Table.module.css";
import classes from "./DistributionPanel.module.css";

interface Props {
  totals: Totals;
  range: Range;
  /** Mean score by label, if the API returns it for this range. */
  means: Counts | null;
}

export function DistributionTable({ totals, range, means }: Props) {
  const span = range.kind === "custom" ? { from: range.from, to: range.to } : {};
  return (
    <div className={classes.table}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Sentiment</th>
            <th scope="col" className={table.number}>
              Share
            </th>
            <td className={classes.track} />
            <th scope="col" className={table.number}>
              Posts
            </th>
            <th scope="col" className={table.number} title="Mean confidence of the model in this label">
              Confidence
            </th>
          </tr>
        </thead>
        <tbody>
          {LABELS.map((label) => {
            const part = totals.total === 0 ? 0 : totals[label] / totals.total;
            const mean = means?.[label].mean_score ?? null;
            return (
              <tr key={label}>
                <th scope="row">
                  <LabelLink label={label} to={postsLink({ label, ...span })} />
                </th>
                <td className={table.number}>
                  <b>{share(part)}</b>
                </td>
                <td className={classes.track}>
                  <span
                    className={classes.bar}
                    style={{ width: `${part * 100}%`, background: LABEL_COLOURS[label] }}
                  />
                </td>
                <td className={table.number}>{count(totals[label])}</td>
                <td className={table.number}>{mean === null ? NONE : confidence(mean)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
