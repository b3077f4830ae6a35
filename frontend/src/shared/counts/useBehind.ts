import { useLiveView } from "../../live/LiveProvider";
import { type LiveState, stateOf } from "../../live/state";
import { countsChannel } from "./channel";

/** Posts that arrived since the page was paused; 0 while it is not paused. */
export function useBehind(): number {
  return useLiveView(({ newest, shown }) => Math.max(0, total(newest) - total(shown)));
}

function total(state: LiveState): number {
  return stateOf(state, countsChannel).counts?.total ?? 0;
}
