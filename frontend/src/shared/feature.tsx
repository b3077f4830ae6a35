import type { Icon } from "@tabler/icons-react";
import { type ComponentType, createContext, type ReactNode, use } from "react";
import type { Channel } from "../live/channel";

/** What the dashboard does: a folder of features/ whose index exports one of these, and a line in the list there. */
export interface Feature {
  /** Of its folder, and the path of its page. */
  name: string;
  page?: {
    /** In the navigation. */
    title: string;
    icon: Icon;
    /** Loaded when it is first shown: see `lazily`. */
    component: ComponentType;
  };
  /** What it follows of the live stream. One that several features show is brought by one of them. */
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
