import { connect, createServer } from "node:net";

/** A TCP way to `target` that can be shut and opened again, as a network or a restart does. */
export async function openGate(target) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  let open = true;
  const server = createServer((client) => {
    if (!open) return client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const shut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    shut,
    reopen: () => {
      open = true;
    },
    close: () => {
      shut();
      server.close();
    },
  };
}
