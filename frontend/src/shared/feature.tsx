import type { Icon } from "@tabler/icons-react";
import { type ComponentType, createContext, type ReactNode, use } from "react";
import type { Channel } from "../live/channel";

/** A feature of the dashboard: a folder of features/ whose index exports one of these, and a line in the list there. */
export interface Feature {
  /** The name of its folder and the path of its page. */
  name: string;
  page?: {
    /** In the navigation. */
    title: string;
    icon: Icon;
    /** Loaded when it is first shown: see `lazily`. */
    component: ComponentType;
  };
  /** The live channels that it adds. A channel that several features show is added by one of them. */
  channels?: readonly Channel<unknown>[];
  /** What it adds to the overview page. */
  overview?: {
    /** A `Stat` beside the others. */
    stat?: ComponentType;
    /** A `Panel` under the others, as wide as the page. */
    panel?: ComponentType;
  };
}

const FeaturesContext = createContext<readonly Feature[]>([]);

export function FeaturesProvider({
  features,
  children,
}: {
  features: readonly Feature[];
  children: ReactNode;
}) {
  return <FeaturesContext value={features}>{children}</FeaturesContext>;
}

/** All of them, for what is put together from their parts. */
export function useFeatures(): readonly Feature[] {
  return use(FeaturesContext);
}
