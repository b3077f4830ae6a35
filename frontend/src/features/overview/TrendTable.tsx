import { Link } from "react-router";
import { LABELS } from "../../api/types";
import { netSentiment } from "../../shared/counts/series";
import { postsLink } from "../../shared/posts/link";
import { clock, count, dayMinute, net } from "../../ui/format";
import { ScrollRegion } from "../../ui/ScrollRegion";
import { LABEL_NAMES } from "../../ui/sentiment";
import table from "../../ui/Table.module.css";
import type { Trend } from "./useTrend";

/** The trend as a table, newest first; each number is a link to its posts. */
export function TrendTable({ trend }: { trend: Trend }) {
  const { bucketSeconds } = trend;
  return (
    <ScrollRegion label="Trend in numbers">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            {LABELS.map((label) => (
              <th key={label} scope="col" className={table.number}>
                {LABEL_NAMES[label]}
              </th>
            ))}
            <th scope="col" className={table.number}>
              Net sentiment
            </th>
          </tr>
        </thead>
        <tbody>
          {trend.buckets.toReversed().map((bucket) => (
            <tr key={bucket.start}>
              <td>{bucketSeconds < 60 ? clock(bucket.start) : dayMinute(bucket.start)}</td>
              {LABELS.map((label) => (
                <td key={label} className={table.number}>
                  <Link
                    to={postsLink({ label, from: bucket.start, to: bucket.start + bucketSeconds * 1000 })}
                  >
                    {count(bucket[label])}
                  </Link>
                </td>
              ))}
              <td className={table.number}>{net(netSentiment(bucket))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
