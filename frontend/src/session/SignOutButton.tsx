import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { token } from "../api/token";
import { useToken } from "./useSession";

export function SignOutButton() {
  if (useToken() === null) return null;
  return (
    <Tooltip label="Sign out">
      <ActionIcon variant="default" size={34} aria-label="Sign out" onClick={() => token.set(null)}>
        <IconLogout size={18} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
