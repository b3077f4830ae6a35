import { connect } from "node:net";

export const BROKER = process.env.SENTISTREAM_REDIS_URL ?? "";

/** Writes one entry to a stream and answers its id; speaks just enough of RESP for that. */
export async function xadd(stream, fields) {
  const { hostname, port, pathname } = new URL(BROKER);
  const socket = connect(Number(port || 6379), hostname);
  try {
    await ask(socket, ["SELECT", pathname.slice(1) || "0"]);
    const reply = await ask(socket, ["XADD", stream, "*", ...Object.entries(fields).flat()]);
    return reply.split("\r\n")[1];
  } finally {
    socket.destroy();
  }
}

async function ask(socket, parts) {
  socket.write(
    `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`,
  );
  const reply = await new Promise((resolve, reject) => {
    socket.once("data", (data) => resolve(data.toString()));
    socket.once("error", reject);
  });
  if (reply.startsWith("-")) throw new Error(`${parts[0]}: ${reply.trim()}`);
  return reply;
}
