import { Button } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { isStatus, Problem } from "../api/problem";
import classes from "./States.module.css";

interface MessageProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** An empty state: the reason, and what the user can do. */
export function Message({ icon, title, children, action }: MessageProps) {
  return (
    <div className={classes.message}>
      {icon && <div className={classes.icon}>{icon}</div>}
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.text}>{children}</div>}
      {action}
    </div>
  );
}

/** An error message. A route that this API does not have is shown as "not available", not as an error. */
export function ErrorState({ error, what, retry }: { error: unknown; what: string; retry?: () => void }) {
  if (isStatus(error, 404, 501)) {
    return (
      <Message icon={<IconPlugConnectedX />} title={`${what}: not available here`}>
        The API this dashboard is connected to does not offer it.
      </Message>
    );
  }
  if (isStatus(error, 401, 403)) {
    return (
      <Message icon={<IconAlertTriangle />} title={`${what}: not allowed`}>
        Your token does not permit this. Sign in with one that does.
      </Message>
    );
  }
  const problem = error instanceof Problem ? error : new Problem(0, "Something went wrong", String(error));
  return (
    <div role="alert">
      <Message
        icon={<IconAlertTriangle />}
        title={`${what} could not be loaded`}
        action={
          retry && (
            <Button variant="default" size="xs" onClick={retry}>
              Try again
            </Button>
          )
        }
      >
        {problem.title}
        {problem.detail && `. ${problem.detail}`}
        {problem.retryAfter && ` Try again in ${problem.retryAfter} s.`}
      </Message>
    </div>
  );
}
