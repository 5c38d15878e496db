/**
 * The other end of a socket on this machine: of a Unix socket by the kernel's sock_diag(7), as ss(8) asks, of a TCP connection
 * by its two addresses in /proc/net/tcp. Linux.
 */
import { libcFunctions } from "./libc.ts";
import { procText } from "./process/proc-of.ts";

const AF_UNIX = 1;
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 1;
const UDIAG_SHOW_PEER = 4;
const UNIX_DIAG_PEER = 2;
/** struct nlmsghdr, struct unix_diag_req, struct unix_diag_msg: bytes. */
const [HEADER, REQUEST, ANSWER] = [16, 24, 16];

const open = () =>
  libcFunctions({
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    send: { args: ["i32", "ptr", "u64", "i32"], returns: "i64" },
    recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i64" },
  });
let link: { readonly c: ReturnType<typeof open>; readonly fd: number } | undefined;

/** The inode of the socket at the other end; 0 if there is none, or the kernel does not say. */
export function socketPeer(inode: number): number {
  return unixPeer(inode) || tcpPeer(inode, procText("net/tcp")) || tcpPeer(inode, procText("net/tcp6"));
}

function unixPeer(inode: number): number {
  if (link === undefined) {
    const c = open();
    link = { c, fd: c.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG) };
  }
  const { c, fd } = link;
  if (fd < 0) return 0;
  const request = Buffer.alloc(HEADER + REQUEST);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(SOCK_DIAG_BY_FAMILY, 4);
  request.writeUInt16LE(NLM_F_REQUEST, 6);
  request[HEADER] = AF_UNIX;
  request.writeUInt32LE(inode, HEADER + 8);
  request.writeUInt32LE(UDIAG_SHOW_PEER, HEADER + 12);
  request.fill(0xff, HEADER + 16); // any cookie
  if (Number(c.send(fd, request, request.length, 0)) < 0) return 0;
  const answer = Buffer.alloc(4096);
  const length = Number(c.recv(fd, answer, answer.length, 0));
  if (length < HEADER + ANSWER || answer.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return 0;
  for (let at = HEADER + ANSWER; at + 8 <= length; ) {
    const size = answer.readUInt16LE(at);
    if (answer.readUInt16LE(at + 2) === UNIX_DIAG_PEER) return answer.readUInt32LE(at + 4);
    at += Math.max(4, (size + 3) & ~3);
  }
  return 0;
}

/** By a text of /proc/net/tcp: the socket whose local address is this one's remote address, and the other way round. */
export function tcpPeer(inode: number, text: string): number {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const own = lines.find((fields) => fields[9] === String(inode));
  const peer = own && lines.find((fields) => fields[1] === own[2] && fields[2] === own[1]);
  return Number(peer?.[9] ?? 0);
}
