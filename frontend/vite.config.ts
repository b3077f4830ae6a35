import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const api = process.env.SENTISTREAM_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    // As objects: of a plain address Vite would change the Host, and the API refuse the page as one of another origin.
    proxy: { "/api": { target: api }, "/ws": { target: api, ws: true } },
  },
  build: {
    target: "es2022",
    sourcemap: false,
    // A strict Content-Security-Policy forbids data: fonts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    testTimeout: 60_000, // a busy machine is slow, not wrong
    restoreMocks: true,
    unstubGlobals: true,
  },
});
