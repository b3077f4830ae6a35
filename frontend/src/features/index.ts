import type { Feature } from "../shared/feature";
import { overview } from "./overview";
import { pipeline } from "./pipeline";
import { posts } from "./posts";
import { terms } from "./terms";
import { tryIt } from "./try";

/** What the dashboard does, in the order of the navigation: add a feature's folder here, and to this list. */
export const FEATURES: readonly Feature[] = [overview, terms, posts, tryIt, pipeline];
