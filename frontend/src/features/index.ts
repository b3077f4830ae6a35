import type { Feature } from "../shared/feature";
import { overview } from "./overview";
import { pipeline } from "./pipeline";
import { posts } from "./posts";
import { terms } from "./terms";
import { tryIt } from "./try";

/** The features of the dashboard, in the order of the navigation. Add a feature's folder here, and to this list. */
export const FEATURES: readonly Feature[] = [overview, terms, posts, tryIt, pipeline];
