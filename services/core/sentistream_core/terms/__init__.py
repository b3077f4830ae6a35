"""What stands out in one set of posts against another: their words, hashtags, mentions, emoji and pairs of words."""
