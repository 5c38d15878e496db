/** What a thread of the user's program runs before its own file: plugins hold for one thread only. */
import { provide } from "../provide.ts";

provide();
