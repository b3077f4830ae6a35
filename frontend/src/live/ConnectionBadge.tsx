import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconBolt, IconBoltOff, IconLock, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { useSessionCheck } from "../session/useSession";
import { duration } from "../ui/format";
import { useNow } from "../ui/useNow";
import classes from "./ConnectionBadge.module.css";
import { useLiveControls, useLiveView } from "./LiveProvider";
import { STALE_MS } from "./socket";

type Tone = "live" | "waiting" | "stale";

/** Shows whether the page is up to date: live, reconnecting (with the wait), stale (with the age), or refused (with the reason). */
export function ConnectionBadge() {
  const link = useLiveView((view) => view.link);
  const { reconnect } = useLiveControls();
  const now = useNow(1000);
  useSessionCheck(link.state === "unauthorised");
  const age = link.lastFrameAt === null ? null : Math.max(0, now - link.lastFrameAt);

  let tone: Tone = "waiting";
  let text = "Connecting";
  let detail = "";
  let Icon = IconRefresh;
  if (link.state === "live" && age !== null && age < STALE_MS) {
    [tone, text, Icon] = ["live", "Live", IconBolt];
  } else if (link.state === "live" && age !== null) {
    [tone, text, detail, Icon] = ["stale", "Stale", `last event ${duration(age / 1000)} ago`, IconBoltOff];
  } else if (link.state === "unauthorised") {
    [tone, text, Icon] = ["stale", "Signed out", IconLock];
  } else if (link.state === "refused") {
    [tone, text, detail, Icon] = ["stale", "Refused", link.reason ?? "", IconPlugConnectedX];
  } else if (link.state === "reconnecting") {
    text = "Reconnecting";
    if (link.retryAt !== null && link.retryAt > now)
      detail = `in ${Math.ceil((link.retryAt - now) / 1000)} s`;
    if (age !== null && age >= STALE_MS) detail = `last event ${duration(age / 1000)} ago`;
  }

  const content = (
    <>
      <Icon size={15} stroke={2} aria-hidden="true" />
      <span>{text}</span>
      {detail && <span className={classes.detail}>{detail}</span>}
    </>
  );
  return (
    <>
      {link.state === "live" && tone === "live" ? (
        <span className={classes.badge} data-tone={tone} data-testid="connection">
          {content}
        </span>
      ) : (
        <UnstyledButton
          className={classes.badge}
          data-tone={tone}
          data-testid="connection"
          title={detail ? `${detail}. Reconnect now` : "Reconnect now"}
          onClick={reconnect}
        >
          {content}
        </UnstyledButton>
      )}
      {/* Screen readers hear the change of state, not the ticking age. */}
      <VisuallyHidden role="status">Connection: {text}</VisuallyHidden>
    </>
  );
}
