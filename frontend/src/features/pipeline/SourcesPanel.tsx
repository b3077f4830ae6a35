import { IconAlertTriangle, IconBolt, IconHourglass, IconZzz } from "@tabler/icons-react";
import type { Source, SourceState } from "../../api/types";
import { duration, languageName, NONE, rate, share } from "../../ui/format";
import { Panel } from "../../ui/Panel";
import { ScrollRegion } from "../../ui/ScrollRegion";
import { Message } from "../../ui/States";
import table from "../../ui/Table.module.css";
import classes from "./PipelinePage.module.css";

const STATES: Record<SourceState, { name: string; icon: typeof IconBolt }> = {
  reading: { name: "Reading", icon: IconBolt },
  throttled: { name: "Slowed down: the workers are behind", icon: IconHourglass },
  late: { name: "Late", icon: IconAlertTriangle },
  standing_by: { name: "Nobody reads it", icon: IconZzz },
};
const SHOWN_LANGUAGES = 3;

/** What ingesters read, a row for each source. */
export function SourcesPanel({ sources }: { sources: readonly Source[] }) {
  return (
    <Panel title="Sources" note={sources.length > 0 && `${sources.length} read by ingesters`}>
      {sources.length === 0 ? (
        <Message title="No ingester runs">Posts may come over HTTP, or from other programs.</Message>
      ) : (
        <ScrollRegion label="All sources">
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">State</th>
                <th scope="col" className={table.number}>
                  Posts/s
                </th>
                <th scope="col" className={table.number}>
                  Behind
                </th>
                <th scope="col">Languages</th>
                <th scope="col" className={table.number}>
                  Standing by
                </th>
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => {
                const { name: word, icon: Icon } = STATES[source.state];
                return (
                  <tr key={source.reads}>
                    <th scope="row" className={classes.name} title={source.reads}>
                      {source.name}
                    </th>
                    <td>
                      <span className={classes.state} data-state={source.state}>
                        <Icon size={16} aria-hidden="true" />
                        {word}
                      </span>
                    </td>
                    <td className={table.number}>{rate(source.posts_per_second)}</td>
                    <td className={table.number}>
                      {source.late_seconds === null ? NONE : duration(source.late_seconds)}
                    </td>
                    <td>
                      <Languages source={source} />
                    </td>
                    <td className={table.number}>{source.standing_by}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Panel>
  );
}

/** The most frequent ones with their share; those that are left out are struck through. */
function Languages({ source: { languages } }: { source: Source }) {
  const total = languages.reduce((sum, { posts }) => sum + posts, 0);
  if (total === 0) return NONE;
  return (
    <ul className={classes.languages}>
      {languages.slice(0, SHOWN_LANGUAGES).map(({ lang, posts, passed_on: passed }) => (
        <li key={`${lang} ${passed}`}>
          {passed ? languageName(lang) : <s title="Left out">{languageName(lang)}</s>} {share(posts / total)}
        </li>
      ))}
      {languages.length > SHOWN_LANGUAGES && <li>and others</li>}
    </ul>
  );
}
