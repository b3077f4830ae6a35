"""Does what happens by the clock: trims the streams, deletes what is older than its time, removes idle consumers."""
