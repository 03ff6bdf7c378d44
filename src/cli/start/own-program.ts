// The file of this program, for starting it once more: not the command of a checkout, which builds first.
import { extname, join } from "node:path";

/** `.ts` when run from the sources, `.js` when compiled. */
export const OWN_PROGRAM = join(import.meta.dirname, "..", `main${extname(import.meta.filename)}`);
