import { createTheme, type MantineColorsTuple } from "@mantine/core";

/* The shades are unused: tokens.css defines the ink variables for both colour schemes. */
const ink = Array<string>(10).fill("#15202b") as unknown as MantineColorsTuple;

/** Mantine's options; its CSS variables come from tokens.css, since a strict CSP forbids injected styles. */
export const theme = createTheme({
  primaryColor: "ink",
  colors: { ink },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { variant: "filled" } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    },
  },
});
