import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { api, bodyOf } from "../api/client";
import { isStatus } from "../api/problem";
import { token } from "../api/token";
import type { Scope, Session } from "../api/types";

export const SESSION_KEY = ["session"];

/** An API without this route requires no token. */
const OPEN: Session = { authentication_required: false, scopes: ["read", "write", "admin"] };

async function load({ signal }: { signal: AbortSignal }): Promise<Session> {
  try {
    return await bodyOf(api.GET("/api/session", { signal }));
  } catch (error) {
    if (isStatus(error, 404)) return OPEN;
    if (isStatus(error, 401, 403)) return { authentication_required: true, scopes: [] };
    throw error;
  }
}

export function useToken(): string | null {
  return useSyncExternalStore(token.subscribe, token.get);
}

/** The session of this page: its scopes, and whether a token is required. */
export function useSession() {
  const client = useQueryClient();
  useEffect(() => token.subscribe(() => void client.resetQueries()), [client]);
  return useQuery({ queryKey: SESSION_KEY, queryFn: load, staleTime: 60_000 });
}

export function useMay(scope: Scope): boolean {
  const { data } = useQuery({ queryKey: SESSION_KEY, queryFn: load, staleTime: 60_000 });
  return data !== undefined && (!data.authentication_required || data.scopes.includes(scope));
}

/** Requests the session again when a token was refused elsewhere, so that the sign-in is shown. */
export function useSessionCheck(refused: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (refused) void client.invalidateQueries({ queryKey: SESSION_KEY });
  }, [refused, client]);
}
