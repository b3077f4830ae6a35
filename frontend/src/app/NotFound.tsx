import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { Page } from "../ui/Page";
import { Message } from "../ui/States";

export function NotFound() {
  return (
    <Page title="Page not found">
      <Message
        icon={<IconMapOff />}
        title="There is no page at this address"
        action={<Link to="/">Go to the overview</Link>}
      />
    </Page>
  );
}
