import type { Heartbeat, LiveQuery, Snapshot, Update } from "../api/types";

/** A part of the live stream, as the API's channels are: its fields of the frames, folded into a state of its own. */
export interface Channel<State> {
  /** The subscription: parameters of the WebSocket's address. */
  readonly query?: LiveQuery;
  /** The state before the first frame. */
  readonly initial: State;
  /**
   * The state after a frame. It stays bounded however many frames come, and a frame that comes twice
   * changes nothing the second time. Return the same object if nothing changed.
   */
  reduce(state: State, frame: Snapshot | Update | Heartbeat): State;
}
