import type { Frame } from "../api/types";
import type { Channel } from "./channel";

/** The state of the live view. */
export interface LiveState {
  /** The server's time of the last frame. */
  asOf: string | null;
  /** Position in the stream, from which the server goes on after a reconnect. */
  cursor: string | null;
  channels: ReadonlyMap<Channel<unknown>, unknown>;
}

export function initialState(channels: readonly Channel<unknown>[]): LiveState {
  return {
    asOf: null,
    cursor: null,
    channels: new Map(channels.map((channel) => [channel, channel.initial])),
  };
}

/** The state after one frame: each channel reduces its part. */
export function reduce(state: LiveState, frame: Frame): LiveState {
  if (frame.type === "hello") return state;
  return {
    asOf: frame.as_of,
    cursor: frame.type === "heartbeat" ? state.cursor : frame.cursor,
    channels: new Map([...state.channels].map(([channel, known]) => [channel, channel.reduce(known, frame)])),
  };
}

/** A channel's state. Throws if no feature in the list has the channel. */
export function stateOf<State>(state: LiveState, channel: Channel<State>): State {
  if (!state.channels.has(channel)) throw new Error("no feature of the list brings this channel");
  return state.channels.get(channel) as State;
}
