// The situations that FIX 4.4 lists in its appendix on order state changes, in our own words and with our
// own numbers; the letter and number of each is the one it has there. What FIX tells by order status and
// execution type together, we tell by status and by what is wanted beside it.
import type { Lifecycle } from "../script.ts";

const FOK = { timeInForce: "fok" } as const;
const IOC = { timeInForce: "ioc" } as const;
const GTC = { timeInForce: "gtc" } as const;

// One story a line.
// prettier-ignore
export const FIX_APPENDIX_D: readonly Lifecycle[] = [
  { rule: "A.1.a an order is filled in two parts", steps: `submit\nack\nfill 2@100\nfill 8@100`, ends: "filled 10/10" },
  { rule: "A.1.b a day order is partly filled and done for the day", steps: `submit\nack\nfill 2@100\nfill 3@100\nexpired`, ends: "expired 5/10" },
  { rule: "B.1.a a cancel of an order without fills", steps: `submit\nack\nwant cancel\ncancel answer requested\ncancelled`, ends: "cancelled 0/10" },
  { rule: "B.1.b fills come while the cancel is pending", steps: `submit\nack\nfill 2@100\nwant cancel\ncancel answer requested\nfill 3@100\ncancelled`, ends: "cancelled 5/10" },
  { rule: "B.1.c filled before the cancel could be accepted", steps: `submit\nack\nfill 2@100\nwant cancel\nfill 8@100\ncancel refused`, ends: "filled 10/10 silent" },
  { rule: "B.1.d a cancel for an order that the broker has not acknowledged", steps: `submit\nwant cancel\nack\ncancelled`, ends: "cancelled 0/10" },
  { rule: "B.1.e a cancel is refused because the order is not known there", steps: `submit\nwant cancel\nack\ncancel answer refused`, ends: "accepted 0/10 wish:lookup" },
  { rule: "B.1.f a cancel of an order that was rejected", steps: `submit\nwant cancel\nrejected\ncancel refused`, ends: "rejected 0/10 code:broker_rejected silent" },
  { rule: "C.1.a replaced to more before any fill", steps: `submit\nack\nwant replace qty 20\nreplaced B2\nfill 1@100\nfill 19@100`, ends: "filled 20/20 now:B2" },
  { rule: "C.1.b replaced to more while a fill comes", steps: `submit\nack\nfill 1@100\nwant replace qty 20\nfill 1@100\nreplaced B2\nfill 18@100 on B2`, ends: "filled 20/20 now:B2" },
  { rule: "C.1.c a filled order cannot be replaced to more", steps: `submit\nack\nfill 10@100\nwant replace qty 20`, ends: "filled 10/10 refused:order_closed" },
  { rule: "C.2.a replaced in its price alone", steps: `submit\nack\nfill 1@100\nwant replace limit 101\nreplaced B2\nfill 9@101 on B2`, ends: "filled 10/10 now:B2" },
  { rule: "C.3.a replaced to less, but filled beyond that first", steps: `submit\nack\nfill 5@100\nwant replace qty 7\nfill 3@100\nreplace refused`, ends: "partially_filled 8/10" },
  { rule: "C.3.b replaced to less, a fill makes it exactly that", steps: `submit\nack\nfill 5@100\nwant replace qty 7\nfill 2@100\nreplaced B2`, ends: "filled 7/7 now:B2" },
  { rule: "C.3.c replaced to less, filled whole before", steps: `submit\nack\nfill 5@100\nwant replace qty 7\nfill 5@100\nreplace refused`, ends: "filled 10/10" },
  { rule: "D.1.a a second replace after the first was done", steps: `submit\nack\nwant replace qty 12\nreplaced B2\nseen accepted 0 on B2\nwant replace qty 13\nreplaced B3\nfill 13@100 on B3`, ends: "filled 13/13 now:B3" },
  { rule: "D.1.b the first replace refused, the second done", steps: `submit\nack\nwant replace qty 12\nreplace refused\nwant replace qty 13\nreplaced B2`, ends: "accepted 0/13 now:B2" },
  { rule: "D.2.a the first done, the second refused", steps: `submit\nack\nwant replace qty 12\nreplaced B2\nseen accepted 0 on B2\nwant replace qty 13\nreplace refused`, ends: "accepted 0/12 now:B2" },
  { rule: "D.2.b a cancel behind a replace that is done first", steps: `submit\nack\nwant replace qty 12\nwant cancel\nreplaced B2\ncancelled on B2`, ends: "cancelled 0/12 now:B2" },
  { rule: "D.2.c a cancel behind a replace overtakes it", steps: `submit\nack\nwant replace qty 12\nwant cancel\ncancelled\nreplace refused`, ends: "cancelled 0/10" },
  { rule: "E.1.b an unasked cancel of a partly filled order", steps: `submit\nack\nfill 5@100\ncancelled`, ends: "cancelled 5/10" },
  { rule: "E.1.c an unasked replace of a partly filled order", steps: `submit\nack\nfill 5@100\nreplaced B2 theirs\nseen partially_filled 5 on B2 qty 11 theirs`, ends: "partially_filled 5/11 now:B2" },
  { rule: "E.2.a the broker lowers the quantity to what is filled", steps: `submit\nack\nfill 5@100\nreplaced B2 theirs\nseen filled 0 on B2 qty 5 theirs`, ends: "filled 5/5 now:B2" },
  { rule: "F.1.a rejected for a reference used before, by another order", steps: `submit\nanswer duplicate\nfound accepted 0 qty 3`, ends: "rejected 0/10 code:broker_duplicate_mismatch alarm:broker_duplicate_mismatch" },
  { rule: "F.1.b a possible resend of an order that arrived", steps: `submit\nanswer unresolved\nsubmit\nanswer duplicate\nfound accepted 0`, ends: "accepted 0/10" },
  { rule: "F.1.c a possible resend of an order that never arrived", steps: `submit\nanswer unresolved\nsubmit\nanswer accepted`, ends: "accepted 0/10" },
  { rule: "G.1.a asking about an order that the broker does not know", steps: `submit\nack\nnot found`, ends: "accepted 0/10 alarm:order_not_found silent" },
  { rule: "G.1.b asking before the order was acknowledged", steps: `submit\nfound accepted 0\nack`, ends: "accepted 0/10 silent" },
  { rule: "G.1.c asking about a partly filled order", steps: `submit\nack\nfill 5@100\nfound partially_filled 5`, ends: "partially_filled 5/10 silent" },
  { rule: "H.1.a a gtc order fills over two days", terms: GTC, steps: `submit\nack\nfill 2@100\nwait 86400\nseen partially_filled 2\nfill 8@100`, ends: "filled 10/10" },
  { rule: "H.1.b a gtc order is restated for a split between its fills", terms: GTC, steps: `submit\nack\nfill 2@100\nwait 86400\nreplaced B2 theirs\nseen partially_filled 2 on B2 qty 18 theirs\nfill 16@50 on B2`, ends: "filled 18/18 now:B2" },
  { rule: "H.1.c a gtc order is cancelled the next day", terms: GTC, steps: `submit\nack\nfill 2@100\nwait 86400\nseen partially_filled 2\nwant cancel\ncancelled`, ends: "cancelled 2/10" },
  { rule: "H.1.d a gtc order is replaced to more the next day", terms: GTC, steps: `submit\nack\nfill 2@100\nwait 86400\nwant replace qty 15\nreplaced B2\nfill 13@100 on B2`, ends: "filled 15/15 now:B2" },
  { rule: "I.1.a fill or kill that cannot be filled", terms: FOK, steps: `submit\nack\ncancelled`, ends: "cancelled 0/10" },
  { rule: "I.1.b immediate or cancel, filled in part", terms: IOC, steps: `submit\nack\nfill 3@100\ncancelled`, ends: "cancelled 3/10" },
  { rule: "J.1.a a filled order, an execution corrected, another busted", steps: `submit\nack\nfill 6@100 as X\nfill 4@100 as Y\ncorrect X to 6@99 as Z\nbust Y`, ends: "filled 6/10" },
  { rule: "J.1.b a cancelled order, a bust, and a new execution", steps: `submit\nack\nfill 5@100 as X\ncancelled\nbust X\nfill 5@101 as Y cum 5`, ends: "cancelled 5/10 flag:fill_after_close" },
  { rule: "J.1.c a gtc order partly filled and corrected the next day", terms: GTC, steps: `submit\nack\nfill 5@100 as X\nwait 86400\ncorrect X to 4@100 as Y`, ends: "partially_filled 4/10" },
  { rule: "K.1.a a halt that ends leaves the order working", steps: `submit\nack\nseen held 0\nseen accepted 0\nfill 10@100`, ends: "filled 10/10" },
  { rule: "K.1.b a halt that ends in a cancel", steps: `submit\nack\nseen held 0\ncancelled`, ends: "cancelled 0/10" },
  { rule: "L.1.a nothing done at the end of the day", steps: `submit\nack\nseen expired 0`, ends: "expired 0/10" },
  { rule: "L.1.b asked right after the send", steps: `submit\nseen accepted 0\nanswer accepted`, ends: "accepted 0/10 silent" },
];
