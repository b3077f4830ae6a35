import { useChannel } from "../../live/LiveProvider";
import { Panel } from "../../ui/Panel";
import { applauseChannel } from "./channel";

export function ApplausePanel() {
  const claps = useChannel(applauseChannel);
  return <Panel title="Applause">{claps === null ? "Silence" : `${claps} claps`}</Panel>;
}
