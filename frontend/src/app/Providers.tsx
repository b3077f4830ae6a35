import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { isStatus, Problem } from "../api/problem";
import { SESSION_KEY } from "../session/useSession";
import { theme } from "../ui/theme";

/** A client error stays the same when the request is repeated; an unavailable server may recover. */
function worthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500);
}

function createClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      // The token has expired: refetching the session shows the sign-in.
      onError: (error) => {
        if (isStatus(error, 401)) void client.invalidateQueries({ queryKey: SESSION_KEY });
      },
    }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 2_000, networkMode: "always" } },
  });
  return client;
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createClient);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}
