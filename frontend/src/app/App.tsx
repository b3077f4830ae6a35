import { BrowserRouter } from "react-router";
import { FEATURES } from "../features";
import { LiveProvider } from "../live/LiveProvider";
import { SessionGate } from "../session/SessionGate";
import { FeaturesProvider } from "../shared/feature";
import { Pages } from "./Pages";
import { Providers } from "./Providers";
import { Shell } from "./Shell";

const CHANNELS = FEATURES.flatMap(({ channels }) => channels ?? []);

export function App() {
  return (
    <Providers>
      <BrowserRouter>
        <SessionGate>
          <FeaturesProvider features={FEATURES}>
            <LiveProvider channels={CHANNELS}>
              <Shell>
                <Pages />
              </Shell>
            </LiveProvider>
          </FeaturesProvider>
        </SessionGate>
      </BrowserRouter>
    </Providers>
  );
}
