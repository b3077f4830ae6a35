import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Dialogs.module.css";

interface Props {
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog at the right edge for one record in full. */
export function SidePanel({ title, opened, onClose, children }: Props) {
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(34rem, 100vw)"
      lockScroll={false}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Not Drawer.Header: a second <header> would be a second banner landmark. */}
        <div className={classes.head}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
