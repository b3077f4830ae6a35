import { Link } from "react-router";
import type { Label, Terms } from "../../api/types";
import { postsLink } from "../../shared/posts/link";
import { count, share } from "../../ui/format";
import classes from "./TermsPanel.module.css";

const decimal = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** The terms, clearest first; each leads to its posts. */
export function TermList({ terms, label }: { terms: Terms; label: Label | null }) {
  const span = { from: Date.parse(terms.from), to: Date.parse(terms.to) };
  return (
    <ol className={classes.list}>
      {terms.terms.map(({ term, search, posts, against_posts: before, times, example }) => (
        <li key={term} className={classes.item}>
          <Link
            className={classes.term}
            to={postsLink({ q: search, ...(label && { label }), ...span })}
            title={`Posts with ${term}`}
          >
            {term}
          </Link>
          <span className={classes.times}>
            {times === null ? "only here" : `${decimal.format(times)}× as often`}
          </span>
          <span className={classes.counts}>
            {count(posts)} posts, {share(posts / terms.posts)}; {before === 0 ? "no" : count(before)} others.{" "}
            <Link to={postsLink({ post: example })} aria-label={`An example of ${term}`}>
              Example
            </Link>
          </span>
        </li>
      ))}
    </ol>
  );
}
