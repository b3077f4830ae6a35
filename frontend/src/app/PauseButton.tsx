import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useLiveControls, useLiveView } from "../live/LiveProvider";
import { useBehind } from "../shared/counts/useBehind";
import { shortCount } from "../ui/format";
import classes from "./PauseButton.module.css";

/** Pauses all live values (key P). The stream is still followed in the background. */
export function PauseButton() {
  const paused = useLiveView((view) => view.paused);
  const behind = useBehind();
  const { pause, resume } = useLiveControls();
  const toggle = paused ? resume : pause;
  useHotkeys([["p", toggle]]);
  const text = paused ? `${shortCount(behind)} new` : "Pause";
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Button
      className={classes.button ?? ""}
      variant={paused ? "filled" : "default"}
      size="sm"
      h={34}
      leftSection={<Icon size={16} />}
      aria-pressed={paused}
      aria-label={paused ? `${text}: resume live updates` : "Pause live updates"}
      aria-keyshortcuts="p"
      onClick={toggle}
    >
      <span className={classes.word}>{text}</span>
    </Button>
  );
}
