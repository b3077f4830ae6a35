import type { ReactNode } from "react";
import { PageSkeleton } from "../ui/PageSkeleton";
import classes from "./SessionGate.module.css";
import { SignIn } from "./SignIn";
import { useSession } from "./useSession";

/** Shows the dashboard if reading is allowed, else the sign-in. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSession();
  if (session.isPending) {
    return (
      <div className={classes.wait}>
        <PageSkeleton />
      </div>
    );
  }
  // When the API is unavailable, the pages show it and recover by themselves.
  const mayRead =
    session.data === undefined ||
    !session.data.authentication_required ||
    session.data.scopes.includes("read");
  return mayRead ? children : <SignIn />;
}
