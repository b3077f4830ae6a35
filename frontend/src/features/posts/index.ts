import { IconMessages } from "@tabler/icons-react";
import type { Feature } from "../../shared/feature";
import { postsChannel } from "../../shared/posts/channel";
import { removedChannel } from "../../shared/posts/removed";
import { lazily } from "../../ui/lazily";

export const posts: Feature = {
  name: "posts",
  page: {
    title: "Posts",
    icon: IconMessages,
    component: lazily(() => import("./PostsPage")),
  },
  channels: [postsChannel, removedChannel],
};
