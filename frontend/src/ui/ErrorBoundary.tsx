import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { Message } from "./States";

interface Props {
  children: ReactNode;
  /** When this changes, the children are rendered again. */
  resetKey: string;
}

interface State {
  error: Error | null;
  resetKey: string;
}

/** Limits an error to one page of the dashboard, and offers to try again. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div role="alert">
        <Message
          icon={<IconAlertTriangle />}
          title="This page could not be shown"
          action={<Button onClick={() => window.location.reload()}>Reload</Button>}
        >
          {this.state.error.message}
        </Message>
      </div>
    );
  }
}
