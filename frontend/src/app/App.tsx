import { Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router";
import { LiveProvider } from "../live/LiveProvider";
import { SessionGate } from "../session/SessionGate";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { lazily } from "../ui/lazily";
import { PageSkeleton } from "../ui/PageSkeleton";
import { NotFound } from "./NotFound";
import { Providers } from "./Providers";
import { Shell } from "./Shell";

const Overview = lazily(() => import("../features/overview/OverviewPage"));
const Posts = lazily(() => import("../features/posts/PostsPage"));
const TryIt = lazily(() => import("../features/try/TryPage"));
const Pipeline = lazily(() => import("../features/pipeline/PipelinePage"));

export function App() {
  return (
    <Providers>
      <BrowserRouter>
        <SessionGate>
          <LiveProvider>
            <Shell>
              <Pages />
            </Shell>
          </LiveProvider>
        </SessionGate>
      </BrowserRouter>
    </Providers>
  );
}

function Pages() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>
          <Route index element={<Navigate to="/overview" replace />} />
          <Route path="/overview" element={<Overview />} />
          <Route path="/posts" element={<Posts />} />
          <Route path="/try" element={<TryIt />} />
          <Route path="/pipeline" element={<Pipeline />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}
