// Cancels: before the send, in flight, against fills, refused, repeated, lost.
import type { Lifecycle } from "../script.ts";

// One story a line.
// prettier-ignore
export const CANCELS: readonly Lifecycle[] = [
  { rule: "an order that was not sent is cancelled at once", steps: `want cancel`, ends: "cancelled 0/10" },
  { rule: "a held order is cancelled at once", steps: `held 60\nwant cancel`, ends: "cancelled 0/10" },
  { rule: "a cancel before the answer waits for it", steps: `submit\nwant cancel`, ends: "submitted 0/10 cancel?" },
  { rule: "the answer leaves the cancel wanted", steps: `submit\nwant cancel\nack`, ends: "accepted 0/10 cancel?" },
  { rule: "wanting it is not having it", steps: `submit\nack\nwant cancel`, ends: "accepted 0/10 cancel?" },
  { rule: "wanting it twice adds nothing", steps: `submit\nack\nwant cancel\nwant cancel`, ends: "accepted 0/10 cancel? silent" },
  { rule: "the broker's word cancels it", steps: `submit\nack\nwant cancel\ncancelled`, ends: "cancelled 0/10" },
  { rule: "the broker's word twice adds nothing", steps: `submit\nack\nwant cancel\ncancelled\ncancelled`, ends: "cancelled 0/10 silent" },
  { rule: "a fill while the cancel is on its way counts", steps: `submit\nack\nwant cancel\nfill 4@100`, ends: "partially_filled 4/10 cancel?" },
  { rule: "the cancel keeps what was filled", steps: `submit\nack\nwant cancel\nfill 4@100\ncancelled`, ends: "cancelled 4/10" },
  { rule: "filled before the cancel came: filled stands", steps: `submit\nack\nwant cancel\nfill 10@100\ncancel refused`, ends: "filled 10/10 silent" },
  { rule: "a cancel heard after the fill is flagged", steps: `submit\nack\nwant cancel\nfill 10@100\ncancelled`, ends: "filled 10/10 flag:late_event" },
  { rule: "a refused cancel leaves it working", steps: `submit\nack\nwant cancel\ncancel refused`, ends: "accepted 0/10" },
  { rule: "a refused cancel can be wanted again", steps: `submit\nack\nwant cancel\ncancel refused\nwant cancel`, ends: "accepted 0/10 cancel?" },
  { rule: "a refusal that nobody asked for adds nothing", steps: `submit\nack\ncancel refused`, ends: "accepted 0/10 silent" },
  { rule: "a fill after the cancel still counts", steps: `submit\nack\ncancelled\nfill 4@100`, ends: "cancelled 4/10 flag:fill_after_close" },
  { rule: "fills after the cancel can complete it", steps: `submit\nack\ncancelled\nfill 4@100\nfill 6@100`, ends: "filled 10/10 flag:fill_after_close" },
  { rule: "a fill after the rejection still counts", steps: `submit\nrejected\nfill 4@100`, ends: "rejected 4/10 code:broker_rejected flag:fill_after_close" },
  { rule: "a fill after the expiry still counts", steps: `submit\nack\nexpired\nfill 4@100`, ends: "expired 4/10 flag:fill_after_close" },
  { rule: "what is over cannot be cancelled", steps: `submit\nack\nfill 10@100\nwant cancel`, ends: "filled 10/10 refused:order_closed" },
  { rule: "an unasked cancel is as good as an asked one", steps: `submit\nack\ncancelled`, ends: "cancelled 0/10" },
  { rule: "the answer to a cancel proves nothing yet", steps: `submit\nack\nwant cancel\ncancel answer requested`, ends: "accepted 0/10 cancel? silent" },
  { rule: "a refusal in the answer asks what became of it", steps: `submit\nack\nwant cancel\ncancel answer refused`, ends: "accepted 0/10 wish:lookup" },
  { rule: "not found to cancel concludes nothing", steps: `submit\nack\nwant cancel\ncancel answer not found`, ends: "accepted 0/10 cancel? wish:lookup alarm:order_not_found silent" },
  { rule: "a cancel over the rate budget is sent again", steps: `submit\nack\nwant cancel\ncancel answer 429`, ends: "accepted 0/10 cancel? wish:resend_cancel silent" },
  { rule: "a cancel that did not leave is sent again", steps: `submit\nack\nwant cancel\ncancel answer not sent`, ends: "accepted 0/10 cancel? wish:resend_cancel silent" },
  { rule: "a lost answer to a cancel is unresolved", steps: `submit\nack\nwant cancel\ncancel answer unresolved`, ends: "accepted 0/10 cancel? unresolved:cancel wish:lookup" },
  { rule: "found open, the cancel goes out again", steps: `submit\nack\nwant cancel\ncancel answer unresolved\nfound accepted 0`, ends: "accepted 0/10 cancel? wish:resend_cancel" },
  { rule: "found cancelled, it is cancelled", steps: `submit\nack\nwant cancel\ncancel answer unresolved\nfound cancelled 0`, ends: "cancelled 0/10" },
  { rule: "found filled, its fills are asked for", steps: `submit\nack\nwant cancel\ncancel answer unresolved\nfound filled 10`, ends: "accepted 0/10 cancel? wish:resend_cancel asks:executions" },
  { rule: "the cancel itself settles its lost answer", steps: `submit\nack\nwant cancel\ncancel answer unresolved\ncancelled`, ends: "cancelled 0/10" },
  { rule: "a late answer to the cancel of a closed order adds nothing", steps: `submit\nack\nwant cancel\ncancelled\ncancel answer unresolved`, ends: "cancelled 0/10 silent" },
];
