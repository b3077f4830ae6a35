import { connect } from "node:net";

export const BROKER = process.env.SENTISTREAM_REDIS_URL ?? "";

/** Writes one entry to a stream and answers its id; speaks just enough of RESP for that. */
export async function xadd(stream, fields) {
  const { hostname, port } = new URL(BROKER);
  const parts = ["XADD", stream, "*", ...Object.entries(fields).flat()];
  const command = `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join("")}`;
  const socket = connect(Number(port || 6379), hostname);
  socket.write(command);
  const reply = await new Promise((resolve, reject) => {
    socket.once("data", (data) => resolve(data.toString()));
    socket.once("error", reject);
  });
  socket.destroy();
  if (!reply.startsWith("$")) throw new Error(`XADD: ${reply.trim()}`);
  return reply.split("\r\n")[1];
}
