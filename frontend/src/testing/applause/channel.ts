import type { Heartbeat, LiveQuery, Snapshot, Update } from "../../api/types";
import type { Channel } from "../../live/channel";

/** What tests/support/applause.py adds to the frames; generated once the API's list of features has it. */
interface Applause {
  claps: number | null;
}

/** How often somebody has clapped; null before the first frame. */
export const applauseChannel: Channel<number | null> = {
  query: { applause: true } as LiveQuery,
  initial: null,
  reduce(claps: number | null, frame: ((Snapshot | Update) & Applause) | Heartbeat) {
    return frame.type === "heartbeat" ? claps : frame.claps;
  },
};
