import { lazy, Suspense } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { LiveProvider } from "../live/LiveProvider";
import { SessionGate } from "../session/SessionGate";
import { PageSkeleton } from "../ui/PageSkeleton";
import { NotFound } from "./NotFound";
import { Providers } from "./Providers";
import { Shell } from "./Shell";

const Overview = lazy(() => import("../overview/OverviewPage"));
const Posts = lazy(() => import("../posts/PostsPage"));
const TryIt = lazy(() => import("../try/TryPage"));
const Pipeline = lazy(() => import("../pipeline/PipelinePage"));

export function App() {
  return (
    <Providers>
      <BrowserRouter>
        <SessionGate>
          <LiveProvider>
            <Shell>
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
            </Shell>
          </LiveProvider>
        </SessionGate>
      </BrowserRouter>
    </Providers>
  );
}
